"""The core on its sample clock: chunking, lockstep, never stuck, replayable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.events import Action, Changed, Heard, Hypothesis, Intent, Said, Say, Understood, Word
from voice_assist.journal import JournalRecognizer, JournalWriter, read_heard
from voice_assist.samples import BLOCK, Samples, samples, silence
from voice_assist.session import Manner, Session
from voice_assist.testing import EchoPath, Quiet, Room, Tones, play, said, scripted_session
from voice_assist.understand.second_look import FALSE_ALARMS, LOOK_BACK, Doubts, Look

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


@pytest.mark.parametrize(("echo_db", "taken"), [(-6.0, False), (-100.0, True)])
def test_our_own_voice_is_no_command_where_the_microphone_hears_it(pack: Pack, echo_db: float, *, taken: bool) -> None:
    """The echo of "Ease off." misheard as "worse of" answers nothing; with headphones a person said it."""
    call = said("my calf is cramping", 0.5)
    plain = Room(scripted_session(pack, [call]), echo=EchoPath(echo_db))
    plain.run(40.0)
    ours = next(action for action in plain.actions if isinstance(action, Say) and action.text.startswith("Ease"))
    echo = Heard(ours.at + samples(0.4), Hypothesis("worse", final=True))
    room = Room(scripted_session(pack, [call, echo]), echo=EchoPath(echo_db))
    room.run(40.0)
    assert ("Stop pushing. Let it rest." in texts(room.actions)) == taken


def test_stop_is_obeyed_over_our_own_voice_even_where_it_echoes(pack: Pack) -> None:
    room = Room(
        scripted_session(pack, [said("my calf is cramping", 0.5), said("stop", 4.2, final=False)]), echo=EchoPath(-6.0)
    )
    room.run(6.0)
    assert states(room.actions)[-1] == "asleep"


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
    class Ears(_NoEars):
        closed = False

        def close(self) -> None:
            self.closed = True

    ears = Ears()
    Session(pack, ears, Tones(), Quiet()).close()
    assert ears.closed


class _SecondHearing(JournalRecognizer):
    """Hears a script; asked to hear it again, it hears one thing only, and notes from where on it was asked."""

    def __init__(self, script: list[Heard], again: str) -> None:
        super().__init__(script)
        self._again = again
        self.asked: list[Look] = []

    def look_again(self, since: int, *, expected: bool = False) -> list[Hypothesis]:
        self.asked.append(Look(since, expected))
        return [Hypothesis(self._again, final=True, again=True)]


@pytest.mark.parametrize(("again", "begun"), [("my calf", True), ("of our city", False)])
def test_asleep_a_cry_in_few_words_is_believed_when_it_is_heard_twice(pack: Pack, again: str, *, begun: bool) -> None:
    ears = _SecondHearing([said("my calf", 3.0)], again)
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(brief=3))
    actions, _ = play(session, 4.0)
    heard = [action.hypothesis for action in actions if isinstance(action, Heard)]
    assert [(one.text, one.again) for one in heard] == [("my calf", False), (again, True)]
    assert ears.asked == [Look(samples(3.0) - LOOK_BACK)]
    assert (session.state != "asleep") == begun


@pytest.mark.parametrize(("kept", "said_now"), [(0, FALSE_ALARMS - 1), (0, FALSE_ALARMS), (FALSE_ALARMS, 0), (1, 1)])
def test_that_was_nothing_has_longer_starts_heard_twice_on_other_days_and_from_now_on(
    pack: Pack, kept: int, said_now: int
) -> None:
    times = [15.0 * number for number in range(1, said_now + 2)]
    script = [said("cramp in my calf", at) for at in times]
    script += [said("that was nothing", at + 8.0) for at in times[:-1]]
    ears = _SecondHearing(sorted(script, key=lambda heard: heard.at), "of our city")
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(brief=3))
    session.taught(kept)
    play(session, times[-1] + 2.0)
    taught = kept + said_now >= FALSE_ALARMS
    assert (len(ears.asked), session.state != "asleep") == (int(taught), not taught)


@pytest.mark.parametrize(("again", "begun"), [("cramp in my hamstring", "hamstring"), ("the weather", "unknown")])
def test_a_place_that_wavered_is_what_it_is_the_second_time(pack: Pack, again: str, begun: str) -> None:
    first = Heard(samples(2.9), Hypothesis("cramp in my thigh", final=False))
    script = [first, said("cramp in my palm", 3.0)]
    ears = _SecondHearing(script, again)
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(wavers=1))
    actions, _ = play(session, 4.0)
    assert {look.expected for look in ears.asked} == {True}
    assert [action.intent.slots["place"] for action in actions if isinstance(action, Understood)] == [begun]


class _NoEars:
    name = "none"
    missing: frozenset[str] = frozenset()

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> list[Hypothesis]:
        del pcm, barge_in
        return []

    def finish(self) -> list[Hypothesis]:
        return []

    def look_again(self, since: int, *, expected: bool = False) -> list[Hypothesis]:
        del since, expected
        return []

    def reset(self) -> None:
        pass

    def troubles(self) -> list[str]:
        return []

    def close(self) -> None:
        pass


class _Recorder(_NoEars):
    """Keeps what it is given to hear."""

    def __init__(self) -> None:
        self.heard: list[Samples] = []

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> list[Hypothesis]:
        del barge_in
        self.heard.append(pcm)
        return []


class _Muffler:
    """A canceller that leaves nothing, of anybody."""

    others: bool | None = None
    lag: int | None = None

    def cancel(self, heard: Samples, played: Samples, lag: int | None) -> Samples:
        del played
        self.lag = lag
        return silence(len(heard))


class _Voices:
    """A detector to which everything is a voice."""

    def push(self, pcm: Samples) -> float:
        del pcm
        return 1.0


@pytest.mark.parametrize("echo", [EchoPath(-6.0), None], ids=["loudspeaker", "headphones"])
def test_what_is_heard_through_a_canceller_counts_only_where_we_are_heard(pack: Pack, echo: EchoPath | None) -> None:
    ears = _Recorder()
    session = Session(pack, ears, Tones(), _Voices(), canceller=_Muffler())
    room = Room(session, echo=echo)
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(10.0)
    ears.heard.clear()
    room.person_says(Tones().sound("my other calf"), 10.0)
    room.run(1.0)
    assert np.concatenate(ears.heard).any() == (echo is None)


class _Witness:
    """A canceller that takes nothing away and says whether somebody else is there."""

    def __init__(self, *, others: bool) -> None:
        self.others: bool | None = others

    def cancel(self, heard: Samples, played: Samples, lag: int | None) -> Samples:
        del played, lag
        return heard


@pytest.mark.parametrize("others", [True, False])
def test_over_our_voice_a_word_counts_only_if_somebody_else_was_there(pack: Pack, others: bool) -> None:  # noqa: FBT001
    word = Heard(samples(4.0), Hypothesis("worse", final=True, words=(Word("worse", samples(3.6), samples(3.9)),)))
    session = Session(pack, JournalRecognizer([word]), Tones(), Quiet(), canceller=_Witness(others=others))
    room = Room(session, echo=EchoPath(0.0))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(3.58)
    session.say("It is our own voice that sounds meanwhile.")
    room.run(2.0)
    told = [action.intent for action in room.actions if isinstance(action, Understood)][1:]
    assert [intent.slots["value"] for intent in told] == (["worse"] if others else [])


def test_we_speak_softly_while_somebody_speaks_over_us(pack: Pack) -> None:
    loudness = {}
    for others in (False, True):
        session = Session(pack, _NoEars(), Tones(), Quiet(), canceller=_Witness(others=others))
        room = Room(session)
        session.act(Intent("cramp", "start", {"place": "calf"}))
        room.run(0.5)
        loudness[others] = int(np.abs(np.concatenate(room.played[-5:])).max())
    assert 0 < loudness[True] < loudness[False] / 5


def test_who_cries_out_is_answered_louder_than_who_mumbles(pack: Pack) -> None:
    played = {}
    for level in (0.05, 1.0):
        call = (Tones().sound("my calf is cramping") * level).astype(np.int16)
        hears = Heard(samples(2.0), Hypothesis("my calf is cramping", final=True))
        room = Room(Session(pack, JournalRecognizer([hears]), Tones(), _Voices()))
        room.person_says(call, 0.5)
        room.run(3.0)
        played[level] = int(np.abs(np.concatenate(room.played)).max())
    assert played[1.0] > 1.5 * played[0.05]


@pytest.mark.parametrize("others", [True, False], ids=["somebody speaks", "nobody does"])
def test_an_order_heard_besides_over_our_voice_counts_once(pack: Pack, *, others: bool) -> None:
    heard = [
        Heard(samples(3.0), Hypothesis("louder", final=False, barge_in=True)),
        Heard(samples(3.2), Hypothesis("louder", final=False)),
        Heard(samples(3.6), Hypothesis("louder", final=True, barge_in=True)),
        Heard(samples(3.8), Hypothesis("louder", final=True)),
    ]
    session = Session(pack, JournalRecognizer(heard), Tones(), Quiet(), canceller=_Witness(others=others))
    room = Room(session, echo=EchoPath(0.0))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(5.0)
    orders = [
        action.at for action in room.actions if isinstance(action, Understood) and action.intent.slots.get("word")
    ]
    assert len(orders) == 1
    assert (orders[0] < samples(3.2)) == others


class _Besides(_NoEars):
    """Remembers for how much of what it was given it should also listen for what is said over our voice."""

    def __init__(self) -> None:
        self.blocks = {True: 0, False: 0}

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> list[Hypothesis]:
        self.blocks[barge_in] += len(pcm) // BLOCK
        return []


@pytest.mark.parametrize("speaks", [True, False])
def test_with_headphones_whoever_is_heard_over_our_voice_is_somebody_else(pack: Pack, *, speaks: bool) -> None:
    ears = _Besides()
    session = Session(pack, ears, Tones(), _Voices())
    room = Room(session)
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(4.0)
    session.say("This line is as long as what somebody says meanwhile.")
    assert ears.blocks[True] == 0
    if speaks:
        room.person_says(Tones().sound("somebody speaks over it"), room.now + 0.5)
    room.run(3.0)
    assert bool(ears.blocks[True]) == speaks


@pytest.mark.parametrize("known", [True, False])
def test_in_a_known_room_the_first_words_of_ours_are_expected_in_time(pack: Pack, *, known: bool) -> None:
    late = 0.2
    canceller = _Muffler()
    session = Session(pack, _NoEars(), Tones(), Quiet(), canceller=canceller)
    session.in_room(late if known else None)
    room = Room(session, echo=EchoPath(0.0, late))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(0.1)
    assert canceller.lag == (samples(late) if known else None)
    room.run(8.0)
    assert session.echo_delay == pytest.approx(late, abs=0.021)


def test_with_headphones_there_is_no_telling_how_late_we_are_heard(pack: Pack) -> None:
    session = Session(pack, _NoEars(), Tones(), Quiet())
    session.in_room(0.2)
    session.act(Intent("cramp", "start", {"place": "calf"}))
    Room(session).run(8.0)
    assert session.echo_delay is None
