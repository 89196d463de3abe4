"""How much is lost of a dear verifier's answers where it fails on its way."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
from loopback import MODEL, Reply, as_json, completion, judgement, serving

from harness.data.pairs import UnlabelledPair
from harness.errors import ModelError
from harness.records import Pair
from harness.stages.verify import verify_pairs
from harness.verifiers.judge import Judge


def test_answers_before_a_server_failure_are_kept() -> None:
    def failing(request: dict[str, Any], before: int) -> Reply:
        if before >= 10:
            return as_json({"error": {"message": "the key was withdrawn"}}, 401)
        return completion(judgement(request, "absent", ""))

    pairs = [
        UnlabelledPair(number, Pair("Talks went on all night.", f"Deal {number} was signed.")) for number in range(20)
    ]
    with serving(failing) as server:
        lines = verify_pairs(pairs, Judge(model=MODEL, base_url=server.url, concurrency=1))
        kept = [json.loads(line) for line in islice(lines, 8)]
        with pytest.raises(ModelError, match="the key was withdrawn"):
            next(lines)
    assert [(each["id"], each["label"]) for each in kept] == [(number, "absent") for number in range(8)]
