"""Judge pairs that stand in no run: what ``harness verify`` does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from harness import progress
from harness.data.pairs.unlabelled import Asked
from harness.records import Verdict
from harness.seams import Verifier


def verify_pairs(asked: Sequence[Asked], verifier: Verifier) -> Iterator[str]:
    """A line of JSON for each hypothesis, in order, each as soon as its batch is judged."""
    for batch in progress.batches("verify", asked, verifier.together):
        for each, verdict in zip(batch, verifier.verify([each.pair for each in batch]), strict=True):
            yield answer(each, verdict)


def answer(asked: Asked, verdict: Verdict) -> str:
    """The verdict as it is written: label, the probability of each label, and the evidence in the premise."""
    written = {"id": asked.id, "hypothesis": asked.pair.hypothesis, **asdict(verdict)}
    if verdict.reason is None:
        del written["reason"]
    if not verdict.transient:
        del written["transient"]
    return json.dumps(written, ensure_ascii=False)
