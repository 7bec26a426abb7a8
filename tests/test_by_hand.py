"""What is typed and pressed while it listens is done at once, and a hand that trembles presses once."""

from __future__ import annotations

import os

import numpy as np
import pytest

from voice_assist import content
from voice_assist.by_hand import APART, LOOK, ByHand, ClapCall, keyboard_of
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.errors import DeviceError
from voice_assist.events import Action, Heard, Say, Trouble, Unclear, Understood
from voice_assist.samples import BLOCK, Samples, samples, seconds, silence
from voice_assist.testing import play, said, scripted_session


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


class Keys:
    """Lines that are there when they are asked for; a fault among them is raised."""

    def __init__(self) -> None:
        self.lines: list[str | Exception] = []

    def wait(self, timeout_s: float) -> str | None:
        assert timeout_s == 0, "sound must not wait for a keyboard"
        if not self.lines:
            return None
        line = self.lines.pop(0)
        if isinstance(line, Exception):
            raise line
        return line


class Button:
    """A call button whose orders lie ready."""

    def __init__(self) -> None:
        self.orders: list[str] = []

    def order(self) -> str | None:
        return self.orders.pop(0) if self.orders else None


class Night:
    """A session and what is done by hand beside it."""

    def __init__(self, pack: Pack) -> None:
        self.keys, self.button, self.told = Keys(), Button(), list[str]()
        self.session = scripted_session(pack)
        self._by_hand = ByHand(self.session, pack, self.told.append, keys=self.keys, button=self.button)  # type: ignore[arg-type]
        self.actions: list[Action] = []

    def passes(self, duration: float) -> None:
        for _ in range(samples(duration) // BLOCK):
            self.session.hear(silence(BLOCK))
            self._by_hand.passed(BLOCK)
            self.actions += self.session.actions()
            self.session.speak(BLOCK)

    def press(self) -> None:
        self.keys.lines.append("\n")
        self.passes(seconds(BLOCK))

    @property
    def intents(self) -> list[tuple[str, ...]]:
        found = [action.intent for action in self.actions if isinstance(action, Understood)]
        return [(intent.name, *intent.slots.values()) for intent in found]


@pytest.fixture
def night(pack: Pack) -> Night:
    return Night(pack)


def test_one_press_is_answered_with_the_next_block(night: Night) -> None:
    night.passes(1.0)
    night.press()
    night.passes(1.0)
    assert night.intents == [("cramp", "unknown")]
    said = next(action for action in night.actions if isinstance(action, Say))
    assert said.at - samples(1.0) <= 2 * BLOCK


def test_a_second_press_ends_it_and_a_third_begins_anew(night: Night) -> None:
    for _ in range(3):
        night.press()
        night.passes(seconds(APART) + 1.0)
    assert night.intents == [("cramp", "unknown"), ("control", "stop"), ("cramp", "unknown")]


def test_a_hand_that_hammers_presses_once(night: Night) -> None:
    for _ in range(40):
        night.press()
        night.passes(seconds(APART) / 3)
    assert night.intents == [("cramp", "unknown")]
    assert night.session.state not in ("asleep", "doubting")


def test_what_is_typed_is_what_is_said(night: Night) -> None:
    night.keys.lines += ["My calf is cramping!\n"]
    night.passes(5.0)
    night.keys.lines += ["  stop \n"]
    night.passes(1.0)
    assert night.intents == [("cramp", "calf"), ("control", "stop")]
    assert night.session.idle


def test_who_types_what_means_nothing_is_told_so(night: Night) -> None:
    for line in ("wardrobe\n", "My calf is cramping!\n", "wardrobe\n", "stop\n", "the weather tomorrow\n"):
        night.keys.lines.append(line)
        night.passes(2.0)
    kinds = [type(action) for action in night.actions if isinstance(action, Understood | Unclear)]
    assert kinds == [Unclear, Understood, Unclear, Understood, Unclear]


def test_what_is_only_heard_and_means_nothing_is_passed_over(pack: Pack) -> None:
    session = scripted_session(pack, [said("wardrobe", 1.0), said("wardrobe", 3.0)])
    told, _ = play(session, 6.0)
    assert any(isinstance(action, Heard) for action in told)
    assert not any(isinstance(action, Unclear) for action in told)


def test_an_emergency_that_is_typed_comes_before_all(night: Night) -> None:
    night.keys.lines += ["my calf\n", "my calf is cramping\n"]
    night.passes(5.0)
    night.keys.lines += ["chest pain\n"]
    night.passes(1.0)
    assert night.session.state == "alarmed"


@pytest.mark.parametrize(
    ("order", "intent"),
    [
        ("cramp", ("cramp", "unknown")),
        ("cramp calf", ("cramp", "calf")),
        ("press", ("cramp", "unknown")),
        ("stop", ("control", "stop")),
    ],
)
def test_an_order_from_elsewhere_is_obeyed_within_a_look(night: Night, order: str, intent: tuple[str, ...]) -> None:
    night.passes(1.0)
    night.button.orders.append(order)
    night.passes(seconds(LOOK))
    assert night.intents == [intent]


def test_a_place_that_has_no_protocol_is_helped_all_the_same(night: Night) -> None:
    night.button.orders.append("cramp elbow")
    night.passes(1.0)
    assert night.intents == [("cramp", "unknown")]
    troubles = [action.what for action in night.actions if isinstance(action, Trouble)]
    assert troubles == ["'elbow' has no protocol; it begins without a place"]


def test_an_order_that_is_none_begins_nothing(night: Night) -> None:
    night.button.orders.append("rm -r")
    night.passes(1.0)
    assert night.intents == []
    assert len([action for action in night.actions if isinstance(action, Trouble)]) == 1


def test_a_keyboard_that_ends_is_told_of_once_and_the_night_goes_on(night: Night) -> None:
    night.keys.lines.append(EOFError())
    night.passes(1.0)
    night.button.orders.append("cramp")
    night.passes(1.0)
    assert night.told == ["No more is read from the keyboard; the voice is still heard."]
    assert night.intents == [("cramp", "unknown")]


def test_what_is_no_text_is_told_of_and_the_next_line_counts(night: Night) -> None:
    night.keys.lines += [DeviceError("what was typed is not UTF-8 text"), "my calf is cramping\n"]
    night.passes(1.0)
    assert night.intents == [("cramp", "calf")]
    assert [action.what for action in night.actions if isinstance(action, Trouble)] == [
        "what was typed is not UTF-8 text"
    ]


def test_a_service_and_a_pipe_have_no_keyboard() -> None:
    with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123 - as a service's standard input
        assert keyboard_of(nothing) is None
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as stream:
        assert keyboard_of(stream) is None
    os.close(writing)


class Clapped:
    """Hears a pair of claps in each block that is not silent."""

    def push(self, pcm: Samples, *, ours: bool) -> bool:
        return bool(pcm.any()) and not ours


def test_claps_ask_quietly_and_claps_again_are_the_yes(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_assist.by_hand.Claps", Clapped)
    session = scripted_session(pack)
    call = ClapCall(session, pack)
    clapped, actions = np.ones(BLOCK, np.int16), list[Action]()

    def passes(block: Samples, duration: float) -> None:
        for _ in range(samples(duration) // BLOCK):
            session.hear(block)
            actions.extend(session.actions())
            call.heard(block, session.speak(BLOCK))

    passes(silence(BLOCK), 1.0)
    passes(clapped, seconds(BLOCK))
    passes(silence(BLOCK), 3.0)
    assert session.state == "doubting"
    assert [action.text for action in actions if isinstance(action, Say)] == ["Do you have a cramp?"]
    passes(clapped, seconds(BLOCK))
    passes(silence(BLOCK), 1.0)
    assert session.state not in ("asleep", "doubting")
    before = len(actions)
    passes(clapped, seconds(BLOCK))
    assert not [action for action in actions[before:] if isinstance(action, Understood)]


def test_claps_that_nobody_confirms_are_sleep_again(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_assist.by_hand.Claps", Clapped)
    session = scripted_session(pack)
    ClapCall(session, pack).heard(np.ones(BLOCK, np.int16), silence(BLOCK))
    actions, _ = play(session, 60.0)
    assert session.state == "asleep"
    assert len([action for action in actions if isinstance(action, Say)]) <= 2
