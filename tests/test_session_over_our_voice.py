"""A session that hears while it speaks: itself, and whoever speaks over it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.ears import NoEars
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.events import Changed, Heard, Hypothesis, Intent, Say, Understood, Word
from voice_assist.hear.barge_in import LEAST_IN_ALL
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import BLOCK, Samples, samples, seconds, silence
from voice_assist.session import Session
from voice_assist.testing import EchoPath, Quiet, Room, Tones, play, said, scripted_session


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


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
    assert (
        "Stop pushing. Let it rest." in [action.text for action in room.actions if isinstance(action, Say)]
    ) == taken


def test_stop_is_obeyed_over_our_own_voice_even_where_it_echoes(pack: Pack) -> None:
    room = Room(
        scripted_session(pack, [said("my calf is cramping", 0.5), said("stop", 4.2, final=False)]), echo=EchoPath(-6.0)
    )
    room.run(6.0)
    assert [action.after for action in room.actions if isinstance(action, Changed)][-1] == "asleep"


class _Recorder(NoEars):
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
        session = Session(pack, NoEars(), Tones(), Quiet(), canceller=_Witness(others=others))
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
        Heard(samples(3.0), Hypothesis("louder", final=False, echo=True, barge_in=True)),
        Heard(samples(3.2), Hypothesis("louder", final=False)),
        Heard(samples(3.6), Hypothesis("louder", final=True, echo=True, barge_in=True)),
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


class _Late:
    """A canceller that tells that somebody else is there between two times, and takes nothing away."""

    def __init__(self, begin: float, end: float) -> None:
        self.others: bool | None = False
        self._at = -BLOCK
        self._there = range(samples(begin), samples(end))

    def cancel(self, heard: Samples, played: Samples, lag: int | None) -> Samples:
        del played, lag
        self._at += BLOCK
        self.others = self._at in self._there
        return heard


@pytest.mark.parametrize(
    ("begin", "end", "at"),
    [(2.5, 3.1, 3.0), (2.96, 3.4, 3.12), (2.96, 3.1, None), (3.7, 4.5, None)],
    ids=["before", "about then", "too short for a word", "later"],
)
def test_an_order_over_our_voice_is_obeyed_once_somebody_was_there_for_a_word(
    pack: Pack, begin: float, end: float, at: float | None
) -> None:
    order = Heard(samples(3.0), Hypothesis("stop", final=False, echo=True, barge_in=True))
    session = Session(pack, JournalRecognizer([order]), Tones(), Quiet(), canceller=_Late(begin, end))
    room = Room(session, echo=EchoPath(0.0))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(6.0)
    stops = [action.at for action in room.actions if isinstance(action, Understood) and "word" in action.intent.slots]
    assert [seconds(stop) for stop in stops] == pytest.approx([] if at is None else [at], abs=0.03)


@pytest.mark.parametrize(("blocks", "taken"), [(LEAST_IN_ALL - 1, False), (LEAST_IN_ALL, True)])
def test_in_all_words_it_takes_more_blocks(pack: Pack, blocks: int, *, taken: bool) -> None:
    word = Heard(samples(4.2), Hypothesis("worse", final=True, words=(Word("worse", samples(3.6), samples(3.9)),)))
    there = _Late(3.98 - blocks * seconds(BLOCK), 3.98)
    session = Session(pack, JournalRecognizer([word]), Tones(), Quiet(), canceller=there)
    room = Room(session, echo=EchoPath(0.0))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(3.38)
    session.say("It is our own voice that sounds meanwhile.")
    room.run(2.0)
    told = [action.intent for action in room.actions if isinstance(action, Understood)][1:]
    assert [intent.slots["value"] for intent in told] == (["worse"] if taken else [])


def test_a_journal_of_orders_over_our_voice_replays_in_silence(pack: Pack) -> None:
    """What was believed then is believed again: a replay has no room to tell it from."""
    heard = [
        Heard(samples(2.0), Hypothesis("worse", final=False, echo=True, barge_in=True)),
        Heard(samples(3.0), Hypothesis("louder", final=False, echo=True, barge_in=True)),
        Heard(samples(3.2), Hypothesis("louder", final=False)),
        Heard(samples(3.3), Hypothesis("my calf", final=True)),
        Heard(samples(4.2), Hypothesis("stop", final=False, echo=True, barge_in=True)),
    ]
    call = Intent("cramp", "start", {"place": "hamstring"})
    session = Session(pack, JournalRecognizer(heard), Tones(), Quiet(), canceller=_Late(2.9, 4.3))
    room = Room(session, echo=EchoPath(0.0))
    session.act(call)
    room.run(6.0)
    assert [action.intent.slots.get("word") for action in room.actions if isinstance(action, Understood)] == [
        None,
        "louder",
        "stop",
    ]
    again = scripted_session(pack, [action for action in room.actions if isinstance(action, Heard)])
    again.act(call)
    assert play(again, 6.0)[0] == room.actions


class _Besides(NoEars):
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
    session = Session(pack, NoEars(), Tones(), Quiet(), canceller=canceller)
    session.in_room(late if known else None)
    room = Room(session, echo=EchoPath(0.0, late))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(0.1)
    assert canceller.lag == (samples(late) if known else None)
    room.run(8.0)
    assert session.echo_delay == pytest.approx(late, abs=0.021)


def test_with_headphones_there_is_no_telling_how_late_we_are_heard(pack: Pack) -> None:
    session = Session(pack, NoEars(), Tones(), Quiet())
    session.in_room(0.2)
    session.act(Intent("cramp", "start", {"place": "calf"}))
    Room(session).run(8.0)
    assert session.echo_delay is None


def test_what_is_done_by_hand_counts_right_behind_an_order_over_our_voice(pack: Pack) -> None:
    order = Heard(samples(3.0), Hypothesis("louder", final=True, echo=True, barge_in=True))
    session = Session(pack, JournalRecognizer([order]), Tones(), Quiet(), canceller=_Late(2.5, 3.5))
    room = Room(session, echo=EchoPath(0.0))
    session.act(Intent("cramp", "start", {"place": "calf"}))
    room.run(3.2)
    session.act(Intent("control", "control", {"word": "next"}))
    room.run(0.1)
    words = [action.intent.slots.get("word") for action in room.actions if isinstance(action, Understood)]
    assert words == [None, "louder", "next"]
