"""Judged scorers with real servers and a small model, which judges badly but answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging import cases
from real_servers import Serving

from harness.scorers.rubric import Rubric

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["transformers_server", "llama_cpp_server"])
def test_small_served_model_gives_a_score_on_the_scale_or_a_reason(name: str, request: pytest.FixtureRequest) -> None:
    server: Serving = request.getfixturevalue(name)
    scorer = Rubric.model_validate(
        {"model": server.model, "base_url": server.url, "criteria": ["fluency"], "max_tokens": 100, "timeout": 300}
    )
    (case,) = cases({"s": "The council voted on Monday to close the bridge."})
    (judgement,) = scorer.judge(list(scorer.questions(case)))
    assert not judgement.transient, judgement.reason
    assert judgement.prompt_tokens is not None
    (fluency,) = scorer.score([replace(case, judgements={judgement.key: judgement})])
    if fluency.value is None:
        assert fluency.reason == judgement.reason
    else:
        assert 1 <= fluency.value <= 5
