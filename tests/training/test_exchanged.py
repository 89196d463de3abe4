"""False versions by exchange: what of a statement changes, what stands beside it, and what is left alone."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import pytest

from benchmarks.training.corpora import Example
from benchmarks.training.exchanged import exchanged

pytestmark = pytest.mark.slow

ARTICLE = (
    "The council approved the plan by 16 votes to 15 on Tuesday. Mayor Ann Hale cast the deciding vote after a long "
    "debate. Farmers outside the town hall protested against the new road. The road will cost £23 million and take "
    "four years to build. Robert Price, who farms nearby, told Susan Field of the county that work would ruin him."
)
TRUE = [
    "The council approved the plan on Tuesday.",
    "Mayor Ann Hale cast the deciding vote.",
    "Farmers protested against the new road outside the hall.",
    "The road will take four years to build.",
    "Robert Price told Susan Field that the work would ruin him.",
]


def examples(statements: Sequence[str], label: str = "supported") -> list[Example]:
    return [Example(ARTICLE, statement, label, "set") for statement in statements]  # type: ignore[arg-type]  # a label


@pytest.fixture(scope="module")
def pairs() -> list[Example]:
    return exchanged(examples(TRUE), 4, 0)


def test_each_version_stands_beside_its_statement_and_differs_in_one_stretch_of_it(pairs: list[Example]) -> None:
    assert 4 <= len(pairs) <= 8
    for true, false in zip(pairs[::2], pairs[1::2], strict=True):
        assert true.hypothesis in TRUE
        assert (true.label, false.label) == ("supported", "unsupported")
        assert true.premise == false.premise == ARTICLE
        before, after = true.hypothesis.split(), false.hypothesis.split()
        changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        starts = [change for change in changes if change[0] != "equal"]
        assert starts
        first, last = starts[0], starts[-1]
        assert last[2] - first[1] <= 4, "one word, name or noun phrase gives way"


def test_the_same_seed_draws_the_same_versions(pairs: list[Example]) -> None:
    assert exchanged(examples(TRUE), 4, 0) == pairs


def test_only_supported_statements_of_some_length_are_exchanged() -> None:
    assert exchanged([*examples(TRUE, "absent"), *examples(["The plan passed."])], 5, 0) == []
