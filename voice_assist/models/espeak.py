"""How espeak-ng says a word, in the sounds of our models: for British, and for words that no dictionary has."""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Mapping, Sequence
from itertools import product

from voice_assist.models.lexicon import AMERICAN, BRITISH, Pronunciation

_VOICES = {AMERICAN: b"gmw/en-US", BRITISH: b"gmw/en"}
"""Files of espeak-ng's own voices, by accent."""

_RETRIEVAL = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_SEPARATED = ord("_") << 8
"""Of espeak-ng's interface: no sound is played; no data is no reason to end the process; phonemes come apart."""

_MARKS = str.maketrans("", "", "',%=|")
"""Stress, and where phonemes do not run together."""

_BOTH = """
b B,  d D,  f F,  g G,  k K,  l L,  m M,  n N,  p P,  r R,  s S,  t T,  v V,  w W,  z Z,  h HH,  j Y,  N NG,  S SH,
Z ZH,  tS CH,  dZ JH,  T TH,  D DH,  x K,  t# T,  t2 T,  ? T,  n- AH N,  l# L,  @L AH L,  r- R,
i IY,  i: IY,  I IH,  I2 IH,  I# IH,  E EH,  a AE,  V AH,  U UH,  u: UW,  @ AH,  @2 AH,  @5 AH,  @- AH,  a# AH,  3: ER,
O AO,  O: AO,  O2 AO,  o OW,  A: AA,  eI EY,  aI AY,  OI OY,  oU OW,  aU AW,  A~ AA N,  O~ AO N,  i@ IY AH,  aI@ AY AH
"""
"""Phonemes of espeak-ng's English, as it names them, and the sounds of the CMU dictionary next to them."""

_EITHER = {
    AMERICAN: "0 AA,  3 ER,  aa AE,  aI3 AY ER,  A@ AA R,  o@ AO R,  O@ AO R,  e@ EH R,  i@3 IH R,  U@ UH R",
    # "aa" is the vowel of "bath": broad in the south, short in the north.
    BRITISH: "0 AO,  3 AH,  aa AA/AE,  aI3 AY AH,  A@ AA,  o@ AO,  O@ AO,  e@ EH AH,  i@3 IH AH,  U@ UH AH",
}
"""Those that each accent says in its own way."""

_KNOWN: Mapping[str, Mapping[str, str]] = {
    accent: dict(pair.strip().split(" ", 1) for pair in f"{_BOTH},{own}".replace("\n", " ").split(","))
    for accent, own in _EITHER.items()
}

_GLIDES = frozenset({"e@", "i@", "i@3", "U@"})
"""Vowels that end in a schwa or in an r, and in neither where an r follows: "hair", "hairy"."""


class Espeak:
    """espeak-ng's rules of English, from the package espeakng_loader. It makes no sound."""

    def __init__(self) -> None:
        """Load them. Raises ImportError where the package is not here, OSError where it does not work."""
        loader = importlib.import_module("espeakng_loader")
        self._library = ctypes.CDLL(loader.get_library_path())
        data = ctypes.c_char_p(str(loader.get_data_path()).encode())
        if self._library.espeak_Initialize(_RETRIEVAL, 0, data, _DONT_EXIT) <= 0:
            raise OSError("espeak-ng finds no data of its own")
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def ways(self, word: str, accent: str) -> Sequence[Pronunciation]:
        """Return the ways to say a word in an accent; none where it uses a sound that our models lack."""
        # Without a voice it would end the process at the next call.
        if self._library.espeak_SetVoiceByName(ctypes.c_char_p(_VOICES[accent])):
            raise OSError(f"espeak-ng has no voice {_VOICES[accent].decode()}")
        text = ctypes.c_char_p(word.encode())
        said = self._library.espeak_TextToPhonemes(ctypes.byref(text), _UTF8, _SEPARATED)
        return in_sounds(said.decode(), accent)


def in_sounds(phonemes: str, accent: str) -> Sequence[Pronunciation]:
    """Return espeak-ng's phonemes, as in `k_'aa_f`, in our sounds; none where one of them is not English."""
    names = [name for name in phonemes.translate(_MARKS).replace(" ", "_").split("_") if name]
    known = _KNOWN[accent]
    said: list[list[str]] = []
    for name, after in zip(names, [*names[1:], ""], strict=True):
        if name == ";":  # only says that the vowel before it is a little closer: "abbreviate"
            if said and said[-1] == ["IH"]:
                said[-1] = ["IY"]
        elif name not in known:
            return ()
        elif name in _GLIDES and after == "r":
            said.append([known[name].split()[0]])
        else:
            said.append(known[name].split("/"))
    # All broad or all short: nobody says one bath so and another so.
    found = [tuple(" ".join(parts).split()) for parts in product(*said)]
    return [*dict.fromkeys([found[0], found[-1]])] if found else ()
