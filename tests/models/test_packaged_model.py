"""The packaged language model on the real article."""

from __future__ import annotations

import pytest
from asking import answers, prompt
from builders import project_item

from harness.models.hf_causal import HFCausal
from harness.weights import store

NAME = "smollm2-135m-instruct"
ONE = "You answer in one sentence."


@pytest.mark.slow
@pytest.mark.skipif(not store.is_installed(NAME), reason=f"{NAME} is not here; fetch it: harness models pull {NAME}")
def test_shared_prefix_does_not_change_the_output() -> None:
    """Two of the prompts begin with the article, which is encoded once for both."""
    article = project_item().article.body
    asked = [
        prompt(f"Summarise this article in two sentences.\n\n{article}", "two", article=article),
        prompt(f"{article}\n\nWho met whom, and where?", "who", article=article, system=ONE),
        prompt(f"{article}\n\nWhat was not signed?", "what", article=article, system=ONE),
    ]
    together = answers(HFCausal(model=NAME, max_new_tokens=20, device="cpu"), asked)
    alone = answers(HFCausal(model=NAME, max_new_tokens=20, device="cpu", batch_size=1), asked)
    assert [made.text for made in together.values()] == [alone[key].text for key in together]
    assert "Zelensky" in (together["two"].text or "")
    for made in together.values():
        assert made.text is not None
        assert made.cut is None
        assert made.prompt_tokens is not None
        assert 600 < made.prompt_tokens < 900
