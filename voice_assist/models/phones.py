"""The phones of our models, and the transition ids that stand for them in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voice_assist.errors import ModelError

SILENCE, GARBAGE = 1, 2
"""Phone ids. Garbage is the one phone of `[unk]`: any speech at all."""

CLASSES = (
    "SIL SPN",
    "IY IH EY AY OY Y EH",
    "AE AA AO AH",
    "UW UH OW AW W",
    "ER R",
    "P B M F V",
    "T D S Z TH DH N",
    "L",
    "CH JH SH ZH",
    "K G NG HH",
)
"""Which sounds leave the mouth in a like shape: the network knows a phone by the class of the one before it."""

SOUNDS = ("SIL", "SPN", *sorted(" ".join(CLASSES).split()[2:]))
"""What the network tells apart, each at any place of a word: silence, garbage, the 39 sounds of the CMU dictionary."""

_CLASS_OF = {sound: number for number, sounds in enumerate(CLASSES) for sound in sounds.split()}


class Phones:
    """Numbers of phones, such as `K_B` for a k that begins a word, and of their transitions.

    Transitions are numbered from 1: two for each pair of a phone and a class before it, the self-loop first.
    Silence and garbage have one pair only.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names of the phones in the order of their ids, from 1 on."""
        self._names = tuple(names)
        self._ids = {name: number for number, name in enumerate(names, 1)}
        self._pairs: list[int] = []
        self._first: dict[int, int] = {}
        for number in range(1, len(names) + 1):
            self._first[number] = len(self._pairs)
            self._pairs += [number] * (1 if number <= GARBAGE else len(CLASSES))

    @property
    def transitions(self) -> int:
        """The number of transition ids."""
        return 2 * len(self._pairs)

    def of_word(self, sounds: Sequence[str]) -> tuple[int, ...]:
        """Return the phones of a word's sounds, such as K AE F, by their place in it.

        Raises KeyError where the model has no such sound.
        """
        if len(sounds) == 1:
            return (self._ids[f"{sounds[0]}_S"],)
        places = ["B", *"I" * (len(sounds) - 2), "E"]
        return tuple(self._ids[f"{sound}_{place}"] for sound, place in zip(sounds, places, strict=True))

    def sound(self, phone: int) -> str:
        """Return the sound of a phone, without its place in the word."""
        return self._names[phone - 1].split("_")[0]

    def class_of(self, phone: int) -> int:
        """Return the class of a phone, for the phone after it."""
        return _CLASS_OF[self.sound(phone)]

    def enters(self, phone: int, before: int = 0) -> int:
        """Return the transition into a phone after a phone of class `before`."""
        return 2 * (self._pair(phone, before) + 1)

    def stays(self, phone: int, before: int = 0) -> int:
        """Return the self-loop of a phone after a phone of class `before`."""
        return 2 * (self._pair(phone, before) + 1) - 1

    def phone_of(self, transition: int) -> int:
        """Return the phone that a transition belongs to."""
        return self._pairs[(transition - 1) // 2]

    def _pair(self, phone: int, before: int) -> int:
        return self._first[phone] + (before if phone > GARBAGE else 0)


def read_phones(graph: Path) -> Phones:
    """Read the phones of a model's graph folder. Raises ModelError where they are not those of our models."""
    table = [line.split() for line in (graph / "phones.txt").read_text(encoding="utf-8").splitlines()]
    names = [name for name, _ in table]
    found = Phones(names)
    # Our exporter writes the number after the last transition here: it proves that we count as the model does.
    after_last = int((graph / "disambig_tid.int").read_text(encoding="utf-8"))
    if [int(number) for _, number in table] != list(range(1, len(names) + 1)) or names[:2] != ["SIL", "SPN"]:
        raise ModelError(f"{graph}: phones.txt is not in the order of our models")
    if after_last != found.transitions + 1:
        raise ModelError(f"{graph}: the model has {after_last - 1} transitions, not the {found.transitions} of ours")
    return found
