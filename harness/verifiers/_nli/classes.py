"""What the classes of a classifier mean: read from the names that the model gives them, or as the config says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.errors import ModelError
from harness.records import Probabilities

Meaning = Literal["entailment", "neutral", "contradiction", "not_entailment"]
"""``not_entailment``: whatever is not entailed, in a model that does not tell neutral from contradiction."""

_SPELLINGS: Mapping[Meaning, str] = {
    "entailment": "entailment entail entails entailed supported support supports consistent",
    "neutral": "neutral notenoughinfo notenoughinformation nei unknown unverified",
    "contradiction": "contradiction contradict contradicts contradicted contradictory refuted refute refutes",
    "not_entailment": "notentailment nonentailment notentailed unsupported notsupported inconsistent",
}
_MEANING: Mapping[str, Meaning] = {name: meaning for meaning, names in _SPELLINGS.items() for name in names.split()}
"""Letters of a class's name, in lower case → its meaning."""


@dataclass(frozen=True, slots=True)
class Classes:
    """The meanings of a classifier's outputs, in their order."""

    meanings: tuple[Meaning, ...]

    def probabilities(self, chances: Sequence[float]) -> Probabilities:
        """The outputs' probabilities as those of our labels; what is neither entailed nor contradicted is absent."""
        by_meaning = dict(zip(self.meanings, chances, strict=True))
        absent = by_meaning.get("neutral", 0.0) + by_meaning.get("not_entailment", 0.0)
        return Probabilities(by_meaning["entailment"], by_meaning.get("contradiction", 0.0), absent)


def names(config: Mapping[str, object]) -> list[str]:
    """The names of the classes in their order, from a model's configuration; ``LABEL_0`` and so on where it has none.

    Its two tables (number → name, name → number) may speak against each other: then the name says so.
    """
    named, numbered = config.get("id2label"), config.get("label2id")
    if not isinstance(named, Mapping):
        number = config.get("num_labels", 2)  # transformers' own default
        return [f"LABEL_{place}" for place in range(number if isinstance(number, int) else 2)]
    by_place = {str(place): str(name) for place, name in named.items()}
    back = numbered if isinstance(numbered, Mapping) else {}
    every = [by_place.get(str(place), f"LABEL_{place}") for place in range(len(by_place))]
    return [
        name if back.get(name, place) == place else f"{name} (or is that number {back[name]}?)"
        for place, name in enumerate(every)
    ]


def classes(model: str, names: Sequence[str], labels: Sequence[Meaning] | None) -> Classes:
    """The classes of a model by its names for them, or by the config's ``labels``; ModelError, with what to write."""
    if labels is not None and len(labels) != len(names):
        raise ModelError(f"labels names {len(labels)} classes, and {model} has {len(names)} ({', '.join(names)})")
    if len(names) < 2:
        raise ModelError(f"{model} gives one number and no classes; take a model that has entailment as a class")
    meanings = tuple(labels) if labels is not None else tuple(_MEANING.get(_letters(name)) for name in names)
    known = tuple(meaning for meaning in meanings if meaning is not None)
    if len(set(known)) < len(names) or "entailment" not in known:
        raise ModelError(
            f"the classes of {model} are called {', '.join(names)}, which does not say in order which is entailment; "
            f"look them up in its model card and write, in their order, labels: {_example(len(names))}"
        )
    return Classes(known)


def _letters(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalpha())


def _example(number: int) -> str:
    return "[not_entailment, entailment]" if number == 2 else "[entailment, neutral, contradiction]"
