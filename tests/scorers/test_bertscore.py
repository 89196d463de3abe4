from __future__ import annotations

from pathlib import Path

import pytest
from builders import case, item, reasons, run_scorer

from harness.records import Article, Case, Item, Reference, Score
from harness.scorers.bertscore import Bertscore
from harness.weights import store

PAIRS = {
    "The cat sat on the mat.": "A cat was sitting on a mat.",
    "Zelensky left early": "Ukraine's president left the White House before lunch on Friday.",
    "Taxes will rise by 3.5% in 2026, the minister said.": "Unions object to a tax rise of 3.5 per cent.",
    "Résumé  with   odd spacing\nand lines": "A résumé, oddly spaced.",
    "🎉": "A party.",
}
PARTS = ("bertscore.precision", "bertscore.recall", "bertscore")

pytestmark = pytest.mark.slow


def pairs() -> list[Case]:
    """An article for each pair."""
    return [
        Case(Item(Article(str(at), ""), (Reference("r", reference),)), case(summary).summary)
        for at, (summary, reference) in enumerate(PAIRS.items())
    ]


def score_by_package(model: Path, layer: int) -> list[tuple[float, ...]]:
    """P, R and F of each pair by the bert-score package."""
    import bert_score

    found = bert_score.score(
        list(PAIRS), list(PAIRS.values()), model_type=str(model), num_layers=layer, nthreads=0, device="cpu"
    )
    return list(zip(*(part.tolist() for part in found), strict=True))


def score_by_harness(scorer: Bertscore) -> list[tuple[float | None, ...]]:
    found: list[Score] = scorer.score(pairs())
    by_metric = {name: [score.value for score in found if score.metric == name] for name in PARTS}
    return list(zip(*by_metric.values(), strict=True))


@pytest.mark.parametrize("layer", [6, 3])
def test_numbers_equal_bert_score(layer: int) -> None:
    found = score_by_harness(Bertscore(layer=layer, device="cpu", batch_size=2))
    expected = score_by_package(store.path("all-minilm-l6-v2"), layer)
    for mine, other in zip(found, expected, strict=True):
        assert mine == pytest.approx(other, abs=2e-6)


def test_byte_level_encoder_equals_bert_score(tmp_path: Path) -> None:
    """RoBERTa encodes "Taxes" and " Taxes" differently. transformers 5 ignores bert-score's argument for the space."""
    without, spaced = tmp_path / "without", tmp_path / "spaced"
    tiny_roberta(without, space=False)
    tiny_roberta(spaced, space=True)
    found = score_by_harness(Bertscore(model=without, layer=2, device="cpu"))
    assert found == score_by_harness(Bertscore(model=spaced, layer=2, device="cpu"))
    for mine, other in zip(found, score_by_package(spaced, 2), strict=True):
        assert mine == pytest.approx(other, abs=2e-6)


def test_text_beyond_the_positions_of_an_encoder_is_cut(tmp_path: Path) -> None:
    """The tokenizer names no limit. RoBERTa leaves two of its 64 positions unused."""
    tiny_roberta(tmp_path / "model", space=True, limit=None)
    given = case("word " * 100, item(references={"r": "One word."}))
    (name,) = run_scorer(Bertscore(model=tmp_path / "model", device="cpu"), given)["bertscore"].names
    assert name.startswith("r (summary truncated to 62 tokens)=")


def test_text_compared_with_itself_scores_1() -> None:
    given = case("The deal was signed.", item(references={"far": "Rain fell.", "same": "The deal was signed."}))
    scores = run_scorer(Bertscore(device="cpu"), given)
    assert scores["bertscore"].value == pytest.approx(1, abs=1e-6)
    assert [name.partition("=")[0] for name in scores["bertscore"].names] == ["same", "far"]
    assert (scores["bertscore.mean"].value or 0) < 0.9
    (name,) = run_scorer(Bertscore(device="cpu"), case("word " * 600, item(references={"r": "A."})))["bertscore"].names
    assert name.startswith("r (summary truncated to 512 tokens)=0.")


def test_empty_text_and_missing_reference_have_reasons() -> None:
    scorer = Bertscore(device="cpu")
    empty = "the summary, or every reference, has no tokens to compare"
    assert reasons(scorer, case(" ", item(references={"r": "Text."}))) == {empty}
    assert reasons(scorer, case("Text.")) == {"the article has no reference"}
    reason = "layer is 7, but the model has only 6 layers; lower it"
    assert reasons(Bertscore(layer=7, device="cpu"), pairs()[0]) == {reason}


def tiny_roberta(folder: Path, space: bool, limit: int | None = 62) -> None:
    """A RoBERTa of two layers with random weights, and a byte-level tokenizer trained on PAIRS."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import RobertaConfig, RobertaModel, RobertaTokenizer

    folder.mkdir()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator([*PAIRS, *PAIRS.values()], vocab_size=400, special_tokens=special)
    trained.save_model(str(folder))
    tokenizer = RobertaTokenizer.from_pretrained(str(folder), model_max_length=limit, add_prefix_space=space)
    tokenizer.save_pretrained(str(folder))
    torch.manual_seed(0)
    config = RobertaConfig(
        vocab_size=400, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip  # one model
    RobertaModel(config).save_pretrained(str(folder))
