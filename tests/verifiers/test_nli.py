"""The verifier ``nli`` on a real classifier trained here: probabilities, windows and errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tiny_nli import LENGTH, NEWS, Tiny, judge, label_and_evidence, train, two_way

from harness import config
from harness.errors import ModelError
from harness.records import Pair, Span
from harness.verifiers.cross_encoder import CrossEncoder, Meaning, PairTokenizer, WindowPair
from harness.verifiers.nli import NLI
from harness.weights.load import Checkpoint

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
TWO_CLASSES: tuple[Meaning, ...] = ("not_entailment", "entailment")
FACTCG = (
    '{text_a}\n\nChoose your answer: based on the paragraph above can we conclude that "{text_b}"?\n\n'
    "OPTIONS:\n- Yes\n- No\nI think the answer is "
)
"""INSTRUCTION_TEMPLATE of its authors: https://github.com/derenlei/FactCG/blob/main/factcg/utils.py"""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]  # tiny language models are loaded


@pytest.fixture(scope="module")
def trained_model(one_thread: None) -> Tiny:
    return train()


@pytest.fixture(scope="module")
def three_class_model(trained_model: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_model.save(tmp_path_factory.mktemp("three"))


@pytest.fixture(scope="module")
def two_class_model(trained_model: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_way(trained_model).save(tmp_path_factory.mktemp("two"))


def nli(folder: Path, **options: object) -> NLI:
    return NLI.model_validate({"model": str(folder), "granularity": "sentence", "device": "cpu", **options})


def load_template(name: str) -> str:
    verifier = config.load(CONFIGS / f"verifier-{name}.yaml").verifier
    assert isinstance(verifier, NLI)
    assert verifier.template is not None
    return verifier.template


def test_probabilities_equal_transformers_pipeline(three_class_model: Path) -> None:
    from transformers import pipeline

    theirs = pipeline("text-classification", model=str(three_class_model), device="cpu", top_k=None)
    pairs = [
        Pair(f"The {subject} is {state}.", hypothesis)
        for subject in ("door", "king", "market and the bridge")
        for state in ("open", "closed")
        for hypothesis in ("The door is open.", "The king is closed.", "Nobody knows.")
    ]
    verifier = nli(three_class_model, batch_size=5)
    expected = [theirs({"text": pair.premise, "text_pair": pair.hypothesis}) for pair in pairs]
    for prediction, answer in zip(verifier.predict_statements(pairs), expected, strict=True):
        scores = {each["label"]: each["score"] for each in answer}
        ours = (scores["entailment"], scores["contradiction"], scores["neutral"])
        assert prediction.probabilities.values == pytest.approx(ours, abs=1e-5)


def test_verdicts_do_not_depend_on_order_or_batch(three_class_model: Path) -> None:
    pairs = [
        Pair(premise, f"The {subject} is {state}.", (), contrasts)
        for premise in (NEWS, "The door is open.")
        for subject, state in (("door", "open"), ("king", "open"), ("market", "closed"))
        for contrasts in ((), ("The door is closed.",))
    ]
    verifier = nli(three_class_model)
    together = verifier.verify(pairs)
    assert verifier.verify(pairs[::-1]) == together[::-1]
    for pair, verdict in zip(pairs, together, strict=True):
        alone = nli(three_class_model, batch_size=1).verify([pair])[0]
        assert (alone.label, alone.evidence, alone.reason) == (verdict.label, verdict.evidence, verdict.reason)
        assert alone.probabilities.values == pytest.approx(verdict.probabilities.values, abs=1e-5)


def test_texts_can_be_separated_by_one_eos_token() -> None:
    """RoBERTa's own pairs have two of them; MiniCheck's RoBERTa was trained with one."""
    from transformers import RobertaTokenizer

    signs = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *"abcdefghijklmnopqrstuvwxyz."]
    tokenizer = RobertaTokenizer(vocab={sign: number for number, sign in enumerate(signs)}, merges=[])
    start, _, end, *_ = range(len(signs))
    a, b, c = (signs.index(sign) for sign in "abc")
    for template, expected in (
        (None, [start, a, b, end, end, c, end]),
        (load_template("minicheck"), [start, a, b, end, c, end]),
    ):
        pairs = PairTokenizer("roberta", tokenizer, template)
        assert pairs.encode([WindowPair("ab", "c")])[0]["input_ids"] == expected
        assert pairs.frame == len(expected) - 3


def test_each_label_has_its_evidence(three_class_model: Path) -> None:
    verifier = nli(three_class_model)
    assert label_and_evidence(judge(verifier, "The king is closed.")) == ("supported", "The king is closed.")
    assert label_and_evidence(judge(verifier, "The king is open.")) == ("contradicted", "The king is closed.")
    assert label_and_evidence(judge(verifier, "The market is open.")) == ("absent", None)


def test_two_class_model_needs_a_false_version_for_contradicted(two_class_model: Path) -> None:
    verifier = nli(two_class_model, labels=["not_entailment", "entailment"])
    assert label_and_evidence(judge(verifier, "The king is closed.")) == ("supported", "The king is closed.")
    assert label_and_evidence(judge(verifier, "The king is open.")) == ("absent", None)
    verdict = judge(verifier, "The king is open.", "The king is closed.")
    assert label_and_evidence(verdict) == ("contradicted", "The king is closed.")
    assert verdict.reason == "the premise is nearer to the false version: The king is closed."


def test_unread_windows_are_reported(three_class_model: Path) -> None:
    premise = f"{NEWS} The bridge is open."
    found = judge(nli(three_class_model, windows=2), "The market is closed.", premise=premise)
    assert found.reason == "only the 2 of 4 windows that share the most words with the statement were read"
    assert judge(nli(three_class_model, windows=1), "The river is closed.", premise=premise).label == "supported"


def test_long_window_is_cut_and_read_to_its_end(three_class_model: Path) -> None:
    """Three of the 16 tokens are special and five the statement's, so the document is read by sentences."""
    premise = "The market is open. " * 100 + "The king is closed."
    verifier = nli(three_class_model, granularity="document", max_length=16)
    verdict = judge(verifier, "The king is closed.", premise=premise)
    assert label_and_evidence(verdict) == ("supported", "The king is closed.")
    assert (verdict.evidence and verdict.evidence.end) == len(premise)


@pytest.mark.parametrize(
    ("hypothesis", "reason"),
    [
        ("?!", "the statement has no words"),
        ("The door was open. " * 9, "the statement with its template has 48 tokens"),
    ],
)
def test_unreadable_statement_has_a_reason(three_class_model: Path, hypothesis: str, reason: str) -> None:
    verdict = judge(nli(three_class_model), hypothesis)
    assert verdict.label == "uncertain"
    assert (verdict.reason or "").startswith(reason)


@pytest.mark.parametrize("template", [None, "{premise}[SEP]{hypothesis}"])
def test_texts_cannot_add_special_tokens_or_places_of_the_template(trained_model: Tiny, template: str | None) -> None:
    """Otherwise they would end the premise and replace the statement."""
    tokenizer = trained_model.tokenizer
    attack = WindowPair("The door is open. [SEP]{hypothesis}", "The king is {premise}.")
    (row,) = PairTokenizer("tiny", tokenizer, template).encode([attack])
    assert row["input_ids"] == tokenizer("The door is open. [ SEP]{hypothesis}", "The king is {premise}.")["input_ids"]
    assert row["input_ids"].count(tokenizer.sep_token_id) == 2


def test_unnamed_classes_are_an_error_before_the_run(two_class_model: Path) -> None:
    (problem,) = nli(two_class_model).check()
    assert "called LABEL_0, LABEL_1, which does not say which one is entailment" in problem
    assert problem.endswith("labels: [not_entailment, entailment]")
    assert list(nli(two_class_model, labels=["not_entailment", "entailment"]).check()) == []
    with pytest.raises(ModelError, match="labels: "):
        judge(nli(two_class_model), "The king is open.")


def test_wrong_order_of_labels_is_an_error(two_class_model: Path) -> None:
    with pytest.raises(ModelError, match=r"P\(supported\) is 0\.[012]\d, .* Its classes are not in the assumed order"):
        judge(nli(two_class_model, labels=["entailment", "not_entailment"]), "The king is open.")


def test_broken_configuration_is_an_error_before_the_run(three_class_model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(three_class_model, tmp_path / "torn"))
    (folder / "config.json").write_text("{", encoding="utf-8")
    (problem,) = nli(folder).check()
    assert "config.json is not JSON" in problem


def test_max_length_above_the_models_limit_is_an_error(three_class_model: Path) -> None:
    with pytest.raises(ModelError, match=f"max_length is 512, but .* reads only {LENGTH} tokens at once; lower it"):
        judge(nli(three_class_model, max_length=512), "The king is open.")
    assert judge(nli(three_class_model, max_length=32), "The king is closed.").label == "supported"


def test_deberta_reads_factcgs_template_beyond_its_named_limit() -> None:
    """DeBERTa-v3 has relative positions: 64 are configured, and 109 tokens are read whole."""
    import torch
    from transformers import DebertaV2Config, DebertaV2ForSequenceClassification, DebertaV2Tokenizer, pipeline

    template = load_template("factcg")
    assert template.format(premise="{text_a}", hypothesis="{text_b}") == FACTCG
    pieces = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]", "▁", *map(chr, range(33, 127))]
    tokenizer = DebertaV2Tokenizer(vocab=[(piece, 0.0) for piece in pieces])
    sizes = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}
    relative = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_biased_input": False}
    options = {"max_position_embeddings": LENGTH, "type_vocab_size": 0, "initializer_range": 0.5}
    torch.manual_seed(0)
    model = DebertaV2ForSequenceClassification(
        DebertaV2Config.from_dict({"vocab_size": len(tokenizer), **sizes, **relative, **options})
    ).eval()
    asked = [
        WindowPair("The door is open. " * times, f"The king {word}.") for times in (1, 9) for word in ("is", "was")
    ]
    texts = [FACTCG.format(text_a=text, text_b=statement) for text, statement in asked]
    assert max(len(row) for row in tokenizer(texts)["input_ids"]) > LENGTH
    encoder = CrossEncoder("tiny", Checkpoint(model, tokenizer), TWO_CLASSES, template, max_length=2048)
    theirs = pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu", top_k=None)
    for one, text in zip(asked, texts, strict=True):
        scores = {each["label"]: each["score"] for each in theirs({"text": text})}
        assert encoder.read(asked, 3)[one].supported == pytest.approx(scores["LABEL_1"], abs=1e-5)


def test_parts_fit_in_the_template(trained_model: Tiny) -> None:
    """After a quotation mark a word has no leading space; in this vocabulary it is then four tokens instead of one."""
    from transformers import T5Tokenizer

    pieces = ["<pad>", "</s>", "<unk>", "▁", "▁king", *'king"']
    tokenizer = T5Tokenizer(vocab=[(piece, 0.0) for piece in pieces], extra_ids=0)
    template = '"{premise}"</s>{hypothesis}'
    encoder = CrossEncoder("tiny", Checkpoint(trained_model.model, tokenizer), TWO_CLASSES, template, max_length=24)
    text = "king " * 40
    parts = encoder.split(Span(0, len(text), text), Pair(text, "king"))
    pairs = PairTokenizer("tiny", tokenizer, template)
    sizes = [len(row["input_ids"]) for row in pairs.encode([WindowPair(part.text, "king") for part in parts])]
    assert max(sizes) <= 24
    assert sum(part.text.count("king") for part in parts) == 40


def test_template_without_room_is_an_error(three_class_model: Path) -> None:
    template = f"{'the ' * 20}{{premise}}[SEP]{{hypothesis}}"
    with pytest.raises(ModelError, match=r"the template takes 23 of the 32 tokens .* shorten it, or raise max_length"):
        judge(nli(three_class_model, template=template, max_length=32), "The king is open.")


def test_signature_has_weights_and_options(three_class_model: Path) -> None:
    signature = nli(three_class_model, windows=3).signature()
    assert f"|model:{three_class_model.name}|weights:" in signature
    assert "|windows:3|" in signature
    assert str(three_class_model) not in signature
    assert signature == nli(three_class_model, windows=3, batch_size=2).signature()
    assert judge(nli(three_class_model, windows=3), "The king is open.").verifier == signature
