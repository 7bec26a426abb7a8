"""Another subject: orders of coffee with six slots, to see that nothing but the content knows of cramps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import yaml

from scripts.benchmarks.figures import Figure, share
from scripts.benchmarks.hearing.conditions import Condition
from scripts.benchmarks.hearing.engines import Engine, expected
from scripts.benchmarks.hearing.phrases import Phrase, Utterance
from scripts.benchmarks.knowledge import Ears
from voice_assist import content
from voice_assist.events import Context, Intent
from voice_assist.understand.matcher import Matcher

PACK = Path(__file__).with_name("coffee")

SLOTS = ("drink", "size", "roast", "shots", "milk", "sugar")


@dataclass(frozen=True)
class Order:
    """An order, and every slot that is right for it."""

    text: str
    slots: Mapping[str, str]


def orders() -> list[Order]:
    """Return the orders: written beside the pack and not from its sentences."""
    table = yaml.safe_load(Path(__file__).with_name("orders.yaml").read_text(encoding="utf-8"))
    return [Order(text, slots) for text, slots in table.items()]


def phrases() -> list[Phrase]:
    """Return the orders as phrases to be spoken."""
    return [Phrase(order.text, str(number)) for number, order in enumerate(orders())]


def measure(engine: Engine, utterances: Sequence[Utterance], conditions: Iterable[Condition]) -> Iterator[Figure]:
    """Yield how many orders are understood whole, and how many slots."""
    pack = content.load(PACK)
    listed = orders()
    with closing(engine.open(expected(engine, pack, loose=True))) as recognizer:
        ears = Ears(recognizer, Matcher(pack.lexicon), engine.calibration)
        for condition in conditions:
            if not condition.plain:
                continue
            heard = [_heard(ears, one, condition) for one in utterances]
            wanted = [listed[int(one.phrase.wanted)] for one in utterances]
            yield from _figures(engine.name, condition.name, list(zip(wanted, heard, strict=True)))


def _heard(ears: Ears, utterance: Utterance, condition: Condition) -> Mapping[str, str]:
    intents = ears.hear(condition.put(utterance.sound, utterance.number), Context(awake=True))
    return ordered(intents)


def ordered(intents: Sequence[Intent]) -> Mapping[str, str]:
    """Return the slots of the last order; none where nothing was ordered."""
    last = [intent for intent in intents if intent.kind == "start"][-1:]
    return {name: value for intent in last for name, value in intent.slots.items() if name in SLOTS}


def _figures(name: str, condition: str, pairs: Sequence[tuple[Order, Mapping[str, str]]]) -> Iterator[Figure]:
    wrong = [f"{order.text}: {dict(heard)}" for order, heard in pairs if heard != order.slots]
    yield Figure(
        f"{name}: coffee, all slots right, {condition}",
        share(len(pairs) - len(wrong), len(pairs)),
        "%",
        basis=f"{len(pairs)} orders, {', '.join(SLOTS)}; right: no slot wrong, none lacking, none too many",
        details=wrong,
    )
    asked = [(order.slots[slot], heard.get(slot)) for order, heard in pairs for slot in order.slots]
    right = sum(one == other for one, other in asked)
    yield Figure(f"{name}:   of its slots, {condition}", share(right, len(asked)), "%", basis=f"{len(asked)} slots")
