"""The core on its sample clock: chunking, lockstep, never stuck, replayable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ears import NoEars
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.events import Action, Changed, Heard, Hypothesis, Intent, Said, Say, Understood
from voice_assist.journal import JournalWriter, read_heard
from voice_assist.samples import BLOCK, Samples, samples, silence
from voice_assist.session import Session
from voice_assist.speak.manner import Manner
from voice_assist.testing import EchoPath, Quiet, Room, Tones, play, said, scripted_session

PHRASES = [
    "my calf is cramping",
    "cramp in my hamstring",
    "front of my thigh cramp",
    "cramp",
    "calf",
    "stop",
    "wait",
    "go on",
    "repeat that",
    "go back",
    "next",
    "slower",
    "faster",
    "louder",
    "quieter",
    "why",
    "how long",
    "other leg",
    "better",
    "same",
    "worse",
    "yes",
    "no",
    "help",
    "heart attack",
    "go to sleep",
    "the weather tomorrow",
    "[unk]",
    "",
]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def texts(actions: list[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Say)]


def states(actions: list[Action]) -> list[str]:
    return [action.after for action in actions if isinstance(action, Changed)]


def test_a_start_phrase_is_answered_with_the_very_next_block(pack: Pack) -> None:
    actions, played = play(scripted_session(pack, [said("my calf is cramping", 1.0)]), 2.0)
    understood = next(action for action in actions if isinstance(action, Understood))
    first = next(action for action in actions if isinstance(action, Say))
    assert understood.intent.slots["place"] == "calf"
    assert first.at == understood.at == samples(1.0)
    assert not played[: first.at].any()
    assert played[first.at : first.at + BLOCK].any()


def test_stop_is_silence_within_a_block(pack: Pack) -> None:
    actions, played = play(scripted_session(pack, [said("my calf is cramping", 0.5), said("stop", 2.0)]), 6.0)
    assert played[samples(1.9) : samples(2.0)].any()
    assert not played[samples(2.0) + BLOCK :].any()
    assert any(isinstance(action, Said) and action.cut for action in actions)
    assert states(actions)[-1] == "asleep"


def test_stop_is_obeyed_on_the_first_partial(pack: Pack) -> None:
    _, played = play(scripted_session(pack, [said("my calf is cramping", 0.5), said("stop", 3.0, final=False)]), 5.0)
    assert not played[samples(3.0) + BLOCK :].any()


def test_a_partial_commits_once_it_is_stable_and_only_once(pack: Pack) -> None:
    script = [
        said("my calf is cramping", 1.0, final=False),
        said("my calf is cramping again", 1.5, final=False),
        said("my calf is cramping again", 2.0),
    ]
    actions, _ = play(scripted_session(pack, script), 4.0)
    understood = [action for action in actions if isinstance(action, Understood)]
    assert len(understood) == 1
    assert samples(1.0) < understood[0].at <= samples(1.2)


def test_an_utterance_in_two_breaths_is_one(pack: Pack) -> None:
    actions, _ = play(scripted_session(pack, [said("my", 1.0), said("calf is cramping", 2.0)]), 4.0)
    assert [dict(action.intent.slots) for action in actions if isinstance(action, Understood)] == [{"place": "calf"}]


def test_talk_of_other_things_is_left_alone(pack: Pack) -> None:
    script = [said("he went to camp with the [unk]", 1.0), said("the [unk] house", 3.0), said("stop the car", 5.0)]
    actions, played = play(scripted_session(pack, script), 8.0)
    assert not [action for action in actions if isinstance(action, Understood)]
    assert not played.any()


def test_what_is_asked_ahead_is_silence_and_comes_later(pack: Pack) -> None:
    session = scripted_session(pack, [said("my calf is cramping", 0.1)])
    ahead = session.speak(samples(1.0))
    assert len(ahead) == samples(1.0)
    assert not ahead.any()
    session.hear(silence(samples(1.0)))
    assert session.speak(samples(0.9)).any()


def test_lost_samples_pass_as_time(pack: Pack) -> None:
    session = scripted_session(pack, [said("my calf is cramping", 0.5)])
    play(session, 1.0)
    before = session.now
    session.gap(samples(30.0))
    assert session.now == before + samples(30.0)
    assert "Ease off. Let it go soft." in texts(list(session.actions()))


def test_typing_is_hearing(pack: Pack) -> None:
    session = scripted_session(pack)
    session.type("My  calf is CRAMPING")
    actions, _ = play(session, 1.0)
    assert texts(actions)[0] == "I'm here."


def test_an_intent_can_be_acted_on_without_a_word(pack: Pack) -> None:
    session = scripted_session(pack)
    session.act(Intent(pack.start, "start", {"place": "hamstring"}))
    actions, _ = play(session, 4.0)
    assert texts(actions) == ["I'm here.", "Lie back if you can."]


def test_louder_is_louder_and_quieter_softer(pack: Pack) -> None:
    def loudness(*words: str) -> float:
        script = [said("my calf is cramping", 0.1), *(said(word, 1.0 + n) for n, word in enumerate(words))]
        _, played = play(scripted_session(pack, script, Manner(volume=-20.0)), 20.0)
        return float(np.abs(played[samples(8.0) :].astype(float)).max())

    assert loudness("louder") == pytest.approx(2 * loudness(), rel=0.01)
    assert loudness("quieter") == pytest.approx(loudness() / 2, rel=0.01)


def test_a_whole_night_of_nothing_says_nothing(pack: Pack) -> None:
    session = scripted_session(pack)
    actions, played = play(session, 600.0, step=samples(1.0))
    assert actions == []
    assert not played.any()
    assert session.idle


scripts = st.lists(
    st.tuples(st.sampled_from(PHRASES), st.floats(0.02, 6.0), st.booleans()),
    min_size=1,
    max_size=8,
)
"""What is said, so many seconds after the last, and whether it is final."""


def script_of(spoken: list[tuple[str, float, bool]]) -> list[Heard]:
    script: list[Heard] = []
    now = 0.0
    for text, after, final in spoken:
        now += after
        script.append(said(text, now, final=final))
    return script


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoken=scripts, cuts=st.lists(st.integers(1, 40_000), min_size=1, max_size=20))
def test_how_the_input_is_cut_changes_nothing(
    pack: Pack, spoken: list[tuple[str, float, bool]], cuts: list[int]
) -> None:
    script = script_of(spoken)
    total = script[-1].at + samples(5.0)
    whole_actions, whole = play(scripted_session(pack, script), total / 16_000)
    session = scripted_session(pack, script)
    actions: list[Action] = []
    played: list[Samples] = []
    done = turn = 0
    while done < total:
        count = min(cuts[turn % len(cuts)], total - done)
        session.hear(silence(count))
        out = session.speak(count)
        assert len(out) == count
        played.append(out)
        actions += session.actions()
        done, turn = done + count, turn + 1
    assert actions == whole_actions
    assert np.array_equal(np.concatenate(played), whole)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoken=scripts, gap=st.integers(0, 50_000))
def test_whatever_was_said_stop_silences_and_a_start_starts(
    pack: Pack, spoken: list[tuple[str, float, bool]], gap: int
) -> None:
    script = script_of(spoken)
    end = script[-1].at + samples(3.0)
    script += [
        Heard(end, Hypothesis("stop", final=True)),
        Heard(end + samples(3.0), Hypothesis("cramp in my calf", final=True)),
    ]
    session = scripted_session(pack, script)
    play(session, (end + BLOCK) / 16_000, step=samples(0.5))
    _, played = play(session, 2.5)
    assert not played.any()
    assert session.state == "asleep"
    play(session, 1.0)
    assert session.state == "guiding"
    session.gap(gap)
    assert len(session.speak(gap)) == gap


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoken=scripts)
def test_a_journal_replays_to_the_same_actions(
    pack: Pack, tmp_path_factory: pytest.TempPathFactory, spoken: list[tuple[str, float, bool]]
) -> None:
    script = script_of(spoken)
    duration = (script[-1].at + samples(20.0)) / 16_000
    first, sound = play(scripted_session(pack, script), duration)
    path = tmp_path_factory.mktemp("journal") / "night.jsonl"
    with path.open("w", encoding="utf-8") as file:
        writer = JournalWriter(file)
        for action in first:
            writer.write(action)
    again, same_sound = play(scripted_session(pack, read_heard(path)), duration)
    assert again == first
    assert np.array_equal(sound, same_sound)


def test_a_journal_of_a_room_with_echo_replays_in_silence(pack: Pack, tmp_path: Path) -> None:
    """What is our own was judged when it was heard: a replay needs neither the room nor the microphone."""
    spoken = ["worse", "the weather", "louder", "better", "stop it"]
    script = [said("my calf is cramping", 0.5)]
    script += [said(text, 2.0 + 2.3 * turn, final=turn % 2 == 0) for turn, text in enumerate(spoken)]
    room = Room(scripted_session(pack, script), echo=EchoPath(-6.0))
    room.run(20.0)
    path = tmp_path / "night.jsonl"
    with path.open("w", encoding="utf-8") as file:
        writer = JournalWriter(file)
        for action in room.actions:
            writer.write(action)
    again, _ = play(scripted_session(pack, read_heard(path)), 20.0)
    assert any(isinstance(action, Heard) and action.hypothesis.echo for action in again)
    assert again == room.actions


def test_a_session_is_chatty_only_about_what_changed(pack: Pack) -> None:
    script = [said("my", 0.5, final=False), said("my", 0.6, final=False), said("my calf", 0.7, final=False)]
    actions, _ = play(scripted_session(pack, script), 0.9)
    assert [action.hypothesis.text for action in actions if isinstance(action, Heard)] == ["my", "my calf"]


def test_closing_closes_the_recognizer(pack: Pack) -> None:
    class Ears(NoEars):
        closed = False

        def close(self) -> None:
            self.closed = True

    ears = Ears()
    Session(pack, ears, Tones(), Quiet()).close()
    assert ears.closed
