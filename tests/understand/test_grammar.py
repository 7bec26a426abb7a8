"""What the recognizer is told to expect: a bias, no longer than it must be."""

from __future__ import annotations

from itertools import pairwise

from voice_assist.understand.grammar import (
    BARGE_IN,
    BARGE_IN_STOP,
    DECOY,
    fill,
    forms_of,
    over_our_voice,
    whole_sentences,
)
from voice_assist.understand.lexicon import CRY, Form, Lexicon, Need, Rule, Template
from voice_assist.understand.spans import UNKNOWN

FORMS = ("calf", "calf muscle", "back of my leg", "back of the leg", "back of leg", "leg", "my leg")


def lexicon(*forms: str) -> Lexicon:
    return Lexicon(
        tuple(Form(tuple(form.split()), "place", "calf") for form in forms),
        (),
        (Template("cramp", "my {place} hurts"),),
    )


def pairs(sentences: list[str]) -> set[tuple[str, str]]:
    return {pair for sentence in sentences for pair in pairwise(["<", *sentence.split(), ">"])}


def test_a_template_lists_no_form_that_brings_no_new_pair_of_words() -> None:
    known = lexicon(*FORMS, "back of leg", "calf")
    listed = list(fill("my {place} hurts", known))
    assert listed == [
        "my calf hurts",
        "my calf muscle hurts",
        "my back of my leg hurts",
        "my back of the leg hurts",
        "my back of leg hurts",
        "my leg hurts",
        "my my leg hurts",
    ]


def test_every_pair_of_words_can_still_be_heard() -> None:
    known = lexicon("a b c", "b c", "a b", "a", "b", "c b a", "c", "a c")
    everything = [f"my {form} hurts" for form in forms_of("place", known)]
    listed = list(fill("my {place} hurts", known))
    assert len(listed) < len(everything)
    assert pairs(listed) == pairs(everything)


def test_whole_sentences_leave_out_none_and_tell_what_each_is() -> None:
    forms = (*lexicon(*FORMS).forms, Form(("ow",), CRY, ""))
    templates = (Template("cramp", "my {place} hurts"), Template("answer", "my calf hurts"))
    rules = (Rule("cramp", "start", (Need("place"),)), Rule("answer", "question", (Need("place"),)))
    known = whole_sentences(Lexicon(forms, rules, templates, decoys=("the news", "ow")))
    assert known == {
        **{f"my {form} hurts": "start" for form in FORMS},
        "ow": CRY,
        "the news": DECOY,
    }


def test_over_our_voice_decoys_count_once_but_for_those_that_sound_like_an_order() -> None:
    known = Lexicon((), (), decoys=("the news", "shop"), barge_in=("stop",), near_barge_in=frozenset({"shop"}))
    assert over_our_voice(known) == (*["stop"] * BARGE_IN, "the news", UNKNOWN)


def test_over_our_voice_the_order_to_stop_counts_most() -> None:
    known = Lexicon(
        (Form(("stop",), "steer", "stop"), Form(("hush",), "steer", "stop")),
        (Rule("control", "control", (Need("steer"),), slots={"word": "{steer}"}),),
        barge_in=("stop", "hush"),
    )
    listed = over_our_voice(known)
    assert listed.count("stop") == BARGE_IN_STOP
    assert listed.count("hush") == BARGE_IN


def test_a_pack_that_lists_nothing_for_it_needs_no_second_ear() -> None:
    assert over_our_voice(Lexicon((), (), decoys=("the news",))) == ()
