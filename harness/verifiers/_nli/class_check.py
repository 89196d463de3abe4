"""Whether the classes of a classifier are what they are called."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

from harness.errors import ModelError
from harness.verifiers._nli.classifier import Classifier
from harness.verifiers._nli.pairs import Asked

SENTENCES = (
    "The treaty was signed in Vienna on Monday.",
    "A man is playing a guitar on the beach.",
    "The company sold its factory last year.",
    "Two children were found in the forest.",
)


def check_classes(classifier: Classifier) -> None:
    """ModelError where sentences are not supported by themselves, or rather by others: two classes are swapped then.

    Published classifiers have come with their names in another order than their outputs.
    """
    itself = [Asked(text, text) for text in SENTENCES]
    another = [Asked(text, other) for text, other in pairwise((*SENTENCES, SENTENCES[0]))]
    readings = classifier.read([*itself, *another], batch_size=len(SENTENCES))
    own, others = (fmean(readings[each].supported for each in asked) for asked in (itself, another))
    if own <= max(0.5, others):
        raise ModelError(
            f"{classifier.name} does not find sentences supported by themselves (P = {own:.2f}; by unrelated ones "
            f"{others:.2f}): its classes are not in the order that is assumed, or it was trained for something else; "
            f"look the order up in its model card and write it as labels"
        )
