"""Words, and how they are said: by our lists, the dictionary, rules, and espeak-ng."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from voice_assist.models.espeak import Espeak, in_sounds
from voice_assist.models.lexicon import (
    AMERICAN,
    BRITISH,
    Lexicon,
    Way,
    as_text,
    chosen,
    possessive,
    read_lexicon,
    without_stress,
)
from voice_assist.models.pronounce import DICTIONARY, OURS, OWNER, RULES, Pronouncer

with_espeak = pytest.mark.skipif(not find_spec("espeakng_loader"), reason="espeakng_loader is not here")


def way(text: str, accent: str = AMERICAN) -> Way:
    return Way(tuple(text.split()), accent)


class TestLexicon:
    def test_a_word_may_be_said_in_several_ways(self) -> None:
        assert read_lexicon("# slang\nhammy HH AE M IY  # a hamstring\n\ncalf K AE F\ncalf K AA F\n") == {
            "hammy": (("HH", "AE", "M", "IY"),),
            "calf": (("K", "AE", "F"), ("K", "AA", "F")),
        }

    @pytest.mark.parametrize("line", ["hammy", "hammy HH AE1 M IY", "Hammy HH AE M IY", "calf K AE F\ncalf K AE F"])
    def test_a_line_that_says_nothing_is_a_fault(self, line: str) -> None:
        with pytest.raises(ValueError, match=rf"line {len(line.splitlines())}: "):
            read_lexicon(line)

    def test_stress_is_left_out(self) -> None:
        assert without_stress({"object": [["AH0", "B"], ["AH1", "B"], ["AA1", "B"]]}) == {
            "object": (("AH", "B"), ("AA", "B"))
        }

    @pytest.mark.parametrize(
        ("word", "expected"),
        [("K AA F", "K AA F S"), ("L EH G", "L EH G Z"), ("AA R CH", "AA R CH IH Z"), ("N IY", "N IY Z")],
    )
    def test_what_somebody_has_is_said_as_a_plural_is(self, word: str, expected: str) -> None:
        assert possessive(tuple(word.split())) == tuple(expected.split())

    def test_what_is_written_can_be_read_back(self) -> None:
        lexicon: Lexicon = {"calf": (("K", "AE", "F"), ("K", "AA", "F")), "a": (("AH",),)}
        assert as_text(lexicon) == "a AH\ncalf K AE F\ncalf K AA F\n"
        assert read_lexicon(as_text(lexicon)) == lexicon

    def test_british_ways_are_taken_for_all_words_or_for_those_that_are_named(self) -> None:
        ways = {word: (way(f"{word} AE"), way(f"{word} AA", BRITISH)) for word in ("calf", "bath")}
        both = {word: ((word, "AE"), (word, "AA")) for word in ("calf", "bath")}
        assert chosen(ways) == both
        assert chosen(ways, {"calf"}) == both | {"bath": (("bath", "AE"),)}


class TestPronouncer:
    def test_our_own_lists_count_before_the_dictionary(self) -> None:
        said = Pronouncer({"hammy": (("HH", "AA", "M"),), "heart": (("HH", "AA", "R", "T"),)}, None).said
        hammy, heart = said("hammy"), said("heart")
        assert hammy
        assert heart
        assert (hammy.ways, hammy.source) == ((way("HH AE M IY"),), OURS)
        assert (heart.ways, heart.source) == ((way("HH AA R T"), way("HH AA T", BRITISH)), DICTIONARY)

    def test_what_somebody_has_is_said_like_them_unless_the_dictionary_knows_better(self) -> None:
        pronouncer = Pronouncer({"calf": (("K", "AE", "F"),), "leg's": (("L", "EH", "G", "Z"),)}, None)
        for word, expected, source in (("calf's", "K AE F S", OWNER), ("leg's", "L EH G Z", DICTIONARY)):
            said = pronouncer.said(word)
            assert said
            assert (said.ways, said.source) == ((way(expected),), source)

    def test_a_word_that_nobody_knows_is_not_said(self) -> None:
        pronouncer = Pronouncer({}, None)
        assert pronouncer.said("flumpish") is None
        assert pronouncer.said("flumpish's") is None

    @with_espeak
    def test_espeak_knows_the_rest_and_how_the_british_say_what_the_dictionary_has(self) -> None:
        pronouncer = Pronouncer({"better": (("B", "EH", "T", "ER"),), "leg": (("L", "EH", "G"),)}, Espeak())
        flumpish, better, leg = (pronouncer.said(word) for word in ("flumpish", "better", "leg"))
        assert flumpish
        assert better
        assert leg
        assert (flumpish.ways, flumpish.source) == ((way("F L AH M P IH SH"),), RULES)
        assert better.ways == (way("B EH T ER"), way("B EH T AH", BRITISH))
        assert leg.ways == (way("L EH G"),)

    @with_espeak
    def test_no_british_way_is_a_single_vowel_where_the_american_is_longer(self) -> None:
        said = Pronouncer({"ear": (("IY", "R"),), "or": (("AO", "R"),), "awe": (("AO", "R"),)}, Espeak()).said("awe")
        assert said
        assert said.ways == (way("AO R"),)

    def test_no_word_of_ours_that_is_listened_for_is_a_single_vowel_but_a_longer_ow(self) -> None:
        pronouncer = Pronouncer({}, None)
        said = {word: how.ways for word in pronouncer.listed if (how := pronouncer.said(word))}
        heard = chosen(said, pronouncer.listed - pronouncer.weak)
        assert {way for ways in heard.values() for way in ways if len(way) < 2} == {("AW",)}

    def test_little_words_have_weak_ways_that_are_not_listened_for(self) -> None:
        pronouncer = Pronouncer({"or": (("AO", "R"),), "for": (("F", "AO", "R"),)}, None)
        said = pronouncer.said("for")
        assert said
        assert way("F AH", BRITISH) in said.ways
        assert {"for", "or", "are"} <= pronouncer.weak


class TestEspeak:
    @pytest.mark.parametrize(
        ("phonemes", "american", "british"),
        [
            ("k_'A@_f", "K AA R F", "K AA F"),
            ("b_'aa_T", "B AE TH", "B AA TH|B AE TH"),
            ("h_'0_t", "HH AA T", "HH AO T"),
            ("'aU_3", "AW ER", "AW AH"),
            ("'e@_r_i@_l", "EH R IY AH L", "EH R IY AH L"),
            ("n_'i@3", "N IH R", "N IH AH"),
            ("@_b_r_'i:_v_I_;_eI_t", "AH B R IY V IY EY T", "AH B R IY V IY EY T"),
            ("dZ_,i:_p_'i:", "JH IY P IY", "JH IY P IY"),
            ("l_'y_n", "", ""),
        ],
    )
    def test_its_phonemes_become_our_sounds(self, phonemes: str, american: str, british: str) -> None:
        for accent, expected in ((AMERICAN, american), (BRITISH, british)):
            found = in_sounds(phonemes, accent)
            assert [" ".join(sounds) for sounds in found] == [one for one in expected.split("|") if one]

    @with_espeak
    def test_it_says_words_both_ways(self) -> None:
        espeak = Espeak()
        assert espeak.ways("tomato", AMERICAN) == [("T", "AH", "M", "EY", "T", "OW")]
        assert espeak.ways("tomato", BRITISH) == [("T", "AH", "M", "AA", "T", "OW")]
