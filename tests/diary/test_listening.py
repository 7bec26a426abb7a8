"""The diary beside a real session: a day and a night with somebody who cramps, and the clock on the wall."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.diary.conftest import ZONE, Clock
from voice_assist.content import Pack
from voice_assist.diary.entries import Entry
from voice_assist.diary.keeping import Keeping
from voice_assist.diary.listening import Beside, DiaryListener, at_once
from voice_assist.diary.store import Store
from voice_assist.events import Account, Action, Errand, Noted, Say
from voice_assist.samples import BLOCK, samples, silence
from voice_assist.testing import scripted_session

PATIENCE_S = 20.0
CALLED = "assistant how often did i cramp this week"
TOLD = "How is your calf?"
MORE = "They come more often now. Frequent cramps deserve a doctor's visit."
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


class Home:
    """A session with its diary: what is typed, what is said, and what is kept."""

    def __init__(self, pack: Pack, file: Path, clock: Clock, person: dict[str, bool] | None = None) -> None:
        self.pack, self.file, self.clock = pack, file, clock
        self.told: list[str] = []
        self.said: list[str] = []
        self.session = scripted_session(pack, person=person)
        self.keeping = Keeping(pack, self.told.append, lambda lines: list(lines).clear(), file=file)
        self.listener = DiaryListener(self.session, self.keeping, at_once, clock)

    def hears(self, *texts: str, wait: float = 6.0) -> list[str]:
        """Have things said, each with so many seconds after it; return what is said meanwhile."""
        before = len(self.said)
        for text in texts:
            self.session.type(text)
            self.passes(wait)
        return self.said[before:]

    def passes(self, duration: float) -> None:
        """Let seconds go by, on both clocks."""
        for _ in range(samples(duration) // BLOCK):
            self.session.hear(silence(BLOCK))
            self.clock.now += dt.timedelta(seconds=BLOCK / 16_000)
            for action in self.session.actions():
                self._take(action)
            self.listener.passed(BLOCK)

    def later(self, by: dt.timedelta) -> None:
        """Let time go by on the wall, and a second in the session."""
        self.clock.now += by
        self.passes(1.1)

    @property
    def entries(self) -> list[Entry]:
        with closing(Store(self.file)) as store:
            return list(store.entries())

    def _take(self, action: Action) -> None:
        if isinstance(action, Say):
            self.said.append(action.text)
        self.listener(action)


@pytest.fixture
def home(pack: Pack, tmp_path: Path, clock: Clock) -> Iterator[Home]:
    home = Home(pack, tmp_path / "diary.sqlite", clock)
    yield home
    home.keeping.close()


def test_a_night_is_kept(home: Home) -> None:
    began = home.clock.now
    home.hears("my left calf is cramping", wait=30)
    home.hears("it's better", wait=60)
    (entry,) = home.entries
    assert abs(entry.began - began) < dt.timedelta(seconds=0.1)
    assert (entry.place, entry.side, entry.tried, entry.felt, entry.ended) == (
        "calf",
        "left",
        ("move",),
        "better",
        "eased",
    )
    assert entry.lasted == pytest.approx(30.0, abs=0.5)


def test_while_it_goes_on_it_is_kept_already(home: Home) -> None:
    home.hears("my calf is cramping", wait=1)
    assert [(entry.place, entry.lasted, entry.ended) for entry in home.entries] == [("calf", None, "")]


def test_that_was_nothing_is_a_false_start_and_counts_for_nothing(home: Home) -> None:
    home.hears("my calf is cramping", "that was nothing")
    assert [entry.ended for entry in home.entries] == ["false_start"]
    assert home.hears(CALLED)[-1] == "None in the last seven days."


def test_by_voice_it_tells_how_often_and_when(home: Home) -> None:
    cramped(home)
    home.later(HOUR)
    assert home.hears(CALLED)[-1] == "Once in the last seven days."
    home.later(DAY)
    assert home.hears("assistant when was the last one") == ["Yesterday, about three at night. It was your calf."]
    assert home.hears("assistant how often did i cramp tonight") == ["None tonight."]


def test_asleep_nobody_is_answered_who_does_not_call(home: Home) -> None:
    assert home.hears("how often did i cramp this week") == []


def test_in_the_midst_of_a_cramp_the_diary_waits(home: Home) -> None:
    home.hears("my calf is cramping")
    assert "Let it ease first. Then ask again." in home.hears("how often did i cramp this week", wait=2)


def cramped(home: Home) -> None:
    home.keeping.noted(Account(0, samples(100), "calf", ended="eased"), home.clock.now, None)


def test_by_day_it_is_asked_once_how_it_is(home: Home) -> None:
    assert asked(home).hears("it's still sore", wait=8) == [
        "Sore? A wrapped cold pack, fifteen minutes.",
        "Skip it if the skin feels numb.",
    ]
    assert TOLD not in home.hears("assistant are you all right", wait=8)


def asked(home: Home) -> Home:
    cramped(home)
    home.later(6 * HOUR)
    assert TOLD in home.hears("assistant are you all right", wait=4)
    return home


ANSWERS = {
    "it's just tight": ["Just tight? Something warm, fifteen minutes, staying awake.",
                        "Skip it if numb, swollen, or after a blow."],
    "it's fine": [],
    "much better": [],
    "it's worse": ["If it stays worse, call a doctor."],
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_advised_goes_by_how_it_feels(home: Home, answer: str) -> None:
    assert asked(home).hears(answer, wait=8) == ANSWERS[answer]


def test_no_answer_is_no_advice(home: Home) -> None:
    before = len(asked(home).said)
    home.passes(30)
    assert home.said[before:] == []
    assert home.session.state == "asleep"


@pytest.mark.parametrize("ban", ["numb_feet", "poor_circulation"])
@pytest.mark.parametrize("answer", ["sore", "tight"])
def test_who_must_not_have_heat_or_cold_is_not_told_to(
    pack: Pack, tmp_path: Path, clock: Clock, ban: str, answer: str
) -> None:
    home = Home(pack, tmp_path / "diary.sqlite", clock, person={ban: True})
    assert asked(home).hears(answer, wait=8) == ["Skip heat and cold. Ask your doctor."]
    home.keeping.close()


@pytest.mark.parametrize("answer", ["sore", "tight"])
@pytest.mark.parametrize(("feels", "advised"), [("no", True), ("yes", False), ("", False)])
def test_with_diabetes_it_is_asked_how_the_skin_feels(
    pack: Pack, tmp_path: Path, clock: Clock, answer: str, feels: str, *, advised: bool
) -> None:
    home = asked(Home(pack, tmp_path / "diary.sqlite", clock, person={"diabetes": True}))
    assert home.hears(answer, wait=4) == ["Numb skin there, or poor blood flow?"]
    before = len(home.said)
    home.hears(*([feels] if feels else []), wait=6)
    home.passes(0 if feels else 20)
    refused = "Skip heat and cold. Ask your doctor."
    assert (refused in home.said[before:]) is not advised
    assert any("fifteen minutes" in line for line in home.said[before:]) is advised
    home.keeping.close()


def test_swollen_or_hot_is_an_urgent_sign_and_gets_its_answer(home: Home) -> None:
    assert asked(home).hears("it's swollen and hot", wait=3)[0] == "Stop. This may be a blood clot."


def test_a_cramp_in_the_midst_of_it_comes_first(home: Home) -> None:
    assert asked(home).hears("my calf is cramping", wait=1)[0] == "I'm here."


def test_stop_stops_it(home: Home) -> None:
    assert asked(home).hears("stop", wait=8) == []
    assert home.session.state == "asleep"


def test_at_night_and_in_quiet_hours_nothing_is_asked_unasked(home: Home) -> None:
    cramped(home)
    home.later(6 * HOUR)
    home.session.night(on=True)
    assert TOLD not in home.hears("assistant are you all right", wait=6)
    home.session.night(on=False)
    home.session.quiet_hours(on=True)
    assert TOLD not in home.hears("assistant are you all right", wait=6)
    home.session.quiet_hours(on=False)
    assert TOLD in home.hears("assistant are you all right", wait=6)


def test_out_of_silence_nothing_is_asked_and_to_nobody_with_a_cramp(home: Home) -> None:
    cramped(home)
    home.later(6 * HOUR)
    before = len(home.said)
    home.passes(20)
    assert home.said[before:] == []
    assert TOLD not in home.hears("my calf is cramping", "it's better", wait=30)


def more_often(home: Home) -> Home:
    home.keeping.close()
    with closing(Store(home.file)) as store:
        store.tell("kept", home.clock.now - 200 * DAY)
        for ago in (60, 50, 40, 30, 20, 13, 12, 10, 9, 7, 5, 4):
            store.add(Entry(home.clock.now - ago * DAY, 120.0, "calf", felt="better", ended="eased"))
    home.later(6 * HOUR)
    return home


def test_that_it_is_more_often_is_told_once_by_day(home: Home) -> None:
    more_often(home).session.night(on=True)
    assert MORE not in home.hears("assistant are you all right", wait=6)
    home.session.night(on=False)
    assert MORE in home.hears("assistant are you all right", wait=6)
    assert MORE not in home.hears("assistant are you all right", wait=6)
    home.later(DAY)
    assert MORE not in home.hears("assistant are you all right", wait=6)


def test_who_asked_was_told(home: Home) -> None:
    said = more_often(home).hears("assistant did it get worse", wait=6)
    assert said[0].startswith("They come more often than before.")
    home.later(DAY)
    assert MORE not in home.hears("assistant are you all right", wait=6)


@pytest.mark.parametrize(
    ("answer", "left", "last"),
    [("yes", 0, "Your diary is erased."), ("no", 1, "It stays as it is."), ("", 1, "It stays as it is.")],
)
def test_by_voice_it_is_erased_after_one_question(home: Home, answer: str, left: int, last: str) -> None:
    cramped(home)
    assert home.hears("assistant erase my diary", wait=2) == ["Erase your diary for good?"]
    before = len(home.said)
    home.hears(*([answer] if answer else []), wait=10)
    home.passes(10)
    assert home.said[before:] == [last]
    assert len(home.entries) == left


def test_what_is_practised_is_not_kept(home: Home) -> None:
    home.listener(Errand(0, "begin_practice"))
    home.hears("my calf is cramping", "stop")
    home.listener(Errand(0, "end_practice"))
    assert not home.file.exists() or home.entries == []
    home.hears("my calf is cramping", "stop")
    assert len(home.entries) == 1


class Slow(Keeping):
    """A keeping whose disk stands still until it is let go."""

    go = threading.Event()

    def noted(self, account: Account, began: dt.datetime, noise: float | None) -> None:
        """Wait for the disk."""
        assert self.go.wait(PATIENCE_S)
        super().noted(account, began, noise)


def test_a_disk_that_stands_still_keeps_nobody_waiting(pack: Pack, tmp_path: Path, clock: Clock) -> None:
    rendered = threading.Event()

    def prepare(lines: Iterable[str]) -> None:
        del lines
        rendered.set()

    file = tmp_path / "diary.sqlite"
    keeping = Slow(pack, print, prepare, file=file)
    beside = Beside()
    listener = DiaryListener(session := scripted_session(pack), keeping, beside, clock)
    assert rendered.wait(PATIENCE_S)
    for number in range(3):
        # Each returns at once: the first one's job waits for the disk, the others for the first.
        listener(Noted(0, Account(number, place="calf")))
        listener.passed(BLOCK)
    session.hear(silence(BLOCK))
    keeping.go.set()
    beside(keeping.close)
    assert beside.close()
    with closing(Store(file)) as store:
        assert len(store.entries()) == 3


def test_what_a_thread_found_the_session_takes_in_with_the_next_block(pack: Pack, tmp_path: Path, clock: Clock) -> None:
    session, jobs = Told(), list[Callable[[], None]]()
    keeping = Keeping(pack, print, lambda lines: list(lines).clear(), file=tmp_path / "diary.sqlite")
    listener = DiaryListener(session, keeping, jobs.append, clock)
    listener.passed(BLOCK)
    assert not session.values
    jobs.pop()()
    assert not session.values
    listener.passed(BLOCK)
    assert session.values["diary_week"] == "None in the last seven days."
    clock.now = clock.now.replace(hour=4, tzinfo=ZONE)
    listener.passed(samples(1.0))
    assert len(jobs) == 1
    keeping.close()


class Told:
    """A session that only remembers what it is told."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def know(self, values: Mapping[str, str]) -> None:
        self.values.update(values)

    def remind(self, names: Iterable[str]) -> None:
        self.due = set(names)
