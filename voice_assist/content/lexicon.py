"""Reads a pack's words into a Lexicon: concepts.yaml, talk.yaml and intents.yaml, with every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from sys import intern

from voice_assist.content.language import ENGLISH, Language
from voice_assist.content.sheet import Cell, Faults, read, read_sheet
from voice_assist.events import CONTROLS, KINDS
from voice_assist.understand.lexicon import (
    ASPECTS,
    CORRECTION,
    CRY,
    DENIED,
    FILLER,
    NEGATION,
    Form,
    Lexicon,
    Need,
    Rule,
    Template,
    sources,
)
from voice_assist.understand.patterns import PatternError, expand
from voice_assist.understand.spans import tokens

CLASSES = {"fillers": FILLER, "cries": CRY, "negations": NEGATION, "corrections": CORRECTION}
"""Sections of talk.yaml, and the concept that each one fills."""

CONTROL_SLOT = "word"
"""The slot of a control; its values are `events.CONTROLS`."""

_VALUE = ("says", "sounds", "alike", "facts", "vague", "deniable")
"""Fields of a concept's value. `alike`: forms that sound like another thing, under the fact that then holds
unless a surer form names the value too. `facts`: forms that tell a fact besides, under that fact."""

_LISTS = ("decoys", "barge_in", "near_barge_in")
"""The sections of talk.yaml that hold what the recognizer is told to expect."""
_FLAGS = ("expected", "bare", "exact", "absolute", "waits", "lone")
_OPTIONAL = ("with", "without", "slots", "when", "least", "least_asleep", "asleep_needs", *_FLAGS, "sentences")
_HOLE = re.compile(r"\{([^}]*)\}")


@dataclass
class _Concepts:
    """The concepts of a pack, while they are read."""

    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)
    """By concept and words: a form stands for one value of a concept."""
    values: dict[str, set[str]] = field(default_factory=dict)
    vague: dict[str, str] = field(default_factory=dict)
    deniable: set[tuple[str, str]] = field(default_factory=set)

    def add(
        self, concept: str, value: str, phrases: Cell, *, near: bool = False, alike: str = "", fact: str = ""
    ) -> None:
        """Take in a list of patterns as forms of a value."""
        self.values.setdefault(concept, set()).update({value} - {""})
        for item, words in _phrases(phrases, f"the forms of {value or concept}"):
            known = self.forms.get((concept, words))
            if known is None:
                self.forms[concept, words] = Form(words, concept, value, near, alike, fact)
            elif known.value != value:
                item.fault(f"'{' '.join(words)}' stands for {known.value} already; it cannot mean {value} too")
            elif (known.alike, known.fact) != (alike, fact):
                item.fault(f"'{' '.join(words)}' stands for {value} already; it cannot tell two things besides")


def read_lexicon(folder: Path, faults: Faults, language: Language = ENGLISH, parts: Sequence[str] = ()) -> Lexicon:
    """Read the words of the pack in `folder`, and of parts of it; what is wrong with them is noted in `faults`."""
    concepts = _Concepts()
    for name, cell in read_sheet(folder, "concepts", faults, parts=parts).fields("concepts").items():
        _read_concept(name, cell, concepts)
    decoys, barge_in, near_barge_in = _read_talk(read(folder / "talk.yaml", folder, faults), concepts)
    sheet = read_sheet(folder, "intents", faults, parts=parts)
    # Without its concepts every rule would be a fault, and the one true fault would drown.
    rules, templates = ([], []) if faults.unreadable else _read_intents(sheet, concepts)
    lexicon = Lexicon(
        tuple(concepts.forms.values()),
        tuple(rules),
        tuple(templates),
        decoys,
        concepts.vague,
        frozenset(concepts.deniable),
        barge_in,
        frozenset(near_barge_in),
        language.sounds,
        language.endings,
        language.spelled,
    )
    if rules:
        _check_controls(sheet.fields("intents.yaml")["rules"], lexicon)
    return lexicon


def _read_intents(sheet: Cell, concepts: _Concepts) -> tuple[list[Rule], list[Template]]:
    parts = sheet.form("intents.yaml", ("kinds", "rules"))
    kinds = _read_kinds(parts["kinds"]) if "kinds" in parts else {}
    rules: list[Rule] = []
    templates: list[Template] = []
    for cell in parts["rules"].items("rules") if "rules" in parts else ():
        rule, sentences = _read_rule(cell, kinds, concepts)
        rules.append(rule)
        templates.extend(sentences)
    return rules, templates


def _phrases(cell: Cell, what: str) -> Iterable[tuple[Cell, tuple[str, ...]]]:
    """Yield the phrases of a list of patterns as words, each with the entry it stands in."""
    for item in cell.items(what):
        text = item.text(f"an entry of {what}")
        try:
            phrases = expand(text) if text else ()
        except PatternError as error:
            item.fault(str(error))
            continue
        for phrase in phrases:
            # Each word once in memory: there are tens of thousands in the phrases of a pack, and few of them differ.
            words = tuple(map(intern, phrase.split()))
            if all(map(_as_heard, words)):
                yield item, words
            else:
                item.fault(f"'{phrase}' is not written as it is heard; use small letters, no punctuation, no hyphen")


@cache
def _as_heard(word: str) -> bool:
    """Tell whether a word is written as a recognizer writes it. Phrases are many, their words are few."""
    return tokens(word) == (word,)


def _read_concept(name: str, cell: Cell, concepts: _Concepts) -> None:
    if name in CLASSES.values():
        cell.fault(f"'{name}' is kept for talk.yaml; give the concept another name")
    if isinstance(cell.value, list):
        concepts.add(name, "", cell)
        return
    for value, entry in cell.fields(f"concept {name}").items():
        if isinstance(entry.value, list):
            concepts.add(name, value, entry)
            continue
        _read_value(name, value, entry, concepts)


def _read_value(name: str, value: str, entry: Cell, concepts: _Concepts) -> None:
    parts = entry.form(f"{name} {value}", (), _VALUE)
    if not {"says", "alike"} & parts.keys():
        entry.fault(f"{name} {value} lacks its field 'says': nobody could say it")
    for field_name in ("says", "sounds"):
        if field_name in parts:
            concepts.add(name, value, parts[field_name], near=field_name == "sounds")
    for fact, phrases in parts["alike"].fields("alike").items() if "alike" in parts else ():
        concepts.add(name, value, phrases, alike=fact)
    for fact, phrases in parts["facts"].fields("facts").items() if "facts" in parts else ():
        concepts.add(name, value, phrases, fact=fact)
    if "vague" in parts and parts["vague"].flag("vague"):
        concepts.vague[name] = value
    if "deniable" in parts and parts["deniable"].flag("deniable"):
        concepts.deniable.add((name, value))


def _read_talk(sheet: Cell, concepts: _Concepts) -> tuple[tuple[str, ...], ...]:
    parts = sheet.form("talk.yaml", (), (*CLASSES, *_LISTS))
    for section, concept in CLASSES.items():
        concepts.values.setdefault(concept, set())
        if section in parts:
            concepts.add(concept, "", parts[section])
    return tuple(_listed(parts, section) for section in _LISTS)


def _listed(parts: Mapping[str, Cell], section: str) -> tuple[str, ...]:
    return tuple(" ".join(words) for _, words in _phrases(parts[section], section)) if section in parts else ()


def _read_kinds(cell: Cell) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for intent, entry in cell.fields("kinds").items():
        kind = entry.text(f"the kind of {intent}")
        if kind in KINDS:
            kinds[intent] = kind
        elif kind:
            entry.fault(f"'{kind}' is no kind of intent; it is one of {', '.join(KINDS)}")
    return kinds


def _read_rule(cell: Cell, kinds: dict[str, str], concepts: _Concepts) -> tuple[Rule, list[Template]]:
    parts = cell.form("a rule", ("intent", "needs"), _OPTIONAL)
    intent = parts["intent"].text("intent") if "intent" in parts else ""
    if intent and intent not in kinds:
        parts["intent"].fault(f"intent '{intent}' has no kind; name it under kinds")
    when = _read_when(parts.get("when"))
    rule = Rule(
        intent,
        kinds.get(intent, KINDS[0]),
        _read_needs(parts.get("needs"), concepts),
        _read_names(parts.get("with"), "with", concepts),
        _read_names(parts.get("without"), "without", concepts),
        _read_slots(parts["slots"], concepts) if "slots" in parts else {},
        asleep="asleep" in when,
        asleep_needs=_read_names(parts.get("asleep_needs"), "asleep_needs", concepts),
        awake="awake" in when,
        least=parts["least"].number("least", 0, 1) if "least" in parts else Rule.least,
        least_asleep=parts["least_asleep"].number("least_asleep", 0, 1) if "least_asleep" in parts else 0.0,
        **{name: parts[name].flag(name) for name in _FLAGS if name in parts},
    )
    return rule, _read_templates(parts["sentences"], intent, concepts) if "sentences" in parts else []


def _read_when(cell: Cell | None) -> tuple[str, ...]:
    when = cell.texts("when") if cell else ("awake",)
    for word in when:
        if cell and word not in ("asleep", "awake"):
            cell.fault(f"'{word}' is no state; a rule counts when asleep, awake, or both")
    return when


def _read_needs(cell: Cell | None, concepts: _Concepts) -> tuple[Need, ...]:
    needs = tuple(_read_need(item, concepts) for item in cell.items("needs")) if cell else ()
    if cell and not needs:
        cell.fault("a rule needs at least one concept; else it would mean any utterance")
    return needs


def _read_need(item: Cell, concepts: _Concepts) -> Need:
    text = item.text("a need")
    concept, _, values = text.partition("=")
    wanted = frozenset(value.strip() for value in values.split(",") if value.strip())
    if text and _known(item, concept, concepts):
        for value in sorted(wanted - concepts.values.get(concept, set())):
            item.fault(f"'{value}' is no value of {concept}")
    return Need(concept, wanted)


def _read_names(cell: Cell | None, what: str, concepts: _Concepts) -> frozenset[str]:
    items = cell.items(what) if cell else []
    names = [(item, item.text(what)) for item in items]
    return frozenset(name for item, name in names if name and _known(item, name, concepts))


def _read_slots(cell: Cell, concepts: _Concepts) -> dict[str, str]:
    slots = {name: entry.text(f"slot {name}") for name, entry in cell.fields("slots").items()}
    for name, text in slots.items():
        entry = cell.fields("slots")[name]
        told = sources(text)
        if "{" in text and not told:
            entry.fault(
                f"slot {name} is '{text}'; it takes a fixed text, {{concept}}, or {{concept:alike}} and its kin"
            )
        for concept, aspect in told:
            if _known(entry, concept, concepts) and aspect not in ASPECTS:
                entry.fault(f"'{aspect}' is nothing that a concept tells; it is one of {', '.join(ASPECTS[1:])}")
    return slots


def _read_templates(cell: Cell, intent: str, concepts: _Concepts) -> list[Template]:
    found = []
    for item in cell.items("sentences"):
        text = item.text("a sentence")
        holes = _HOLE.findall(text)
        if not all(_known(item, hole.partition("=")[0], concepts) for hole in holes):
            continue
        try:
            found += [Template(intent, phrase) for phrase in expand(text)]
        except PatternError as error:
            item.fault(str(error))
    return found


def _known(item: Cell, concept: str, concepts: _Concepts) -> bool:
    if concept in concepts.values or concept == DENIED:
        return True
    item.fault(f"there is no concept '{concept}'; it is none of concepts.yaml, nor {', '.join(CLASSES.values())}")
    return False


def _check_controls(cell: Cell, lexicon: Lexicon) -> None:
    names = {rule.intent for rule in lexicon.rules if rule.kind == "control"}
    spoken = frozenset[str]().union(*(lexicon.values(CONTROL_SLOT, name) for name in names))
    for word in sorted(spoken - set(CONTROLS)):
        cell.fault(f"'{word}' is no control; the controls are {', '.join(CONTROLS)}")
    if "stop" not in spoken:
        cell.fault("no rule means the control 'stop'; whoever cannot silence it will not use it")
