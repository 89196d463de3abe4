"""The parts of ``entailment`` that need no fitted weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from harness.records import Probabilities
from harness.verifiers._entailment import packed
from harness.verifiers._entailment.blend import Blend, Words, log_odds
from harness.verifiers._entailment.encoder import matched, padded
from harness.verifiers._entailment.network import HEADS, MATCHES, Hypotheses, Premises, logits
from harness.verifiers._entailment.passages import SENTENCES, WHOLE, joined, passage
from harness.verifiers._entailment.trees import Node, Trees
from harness.verifiers._regressions import Regression
from harness.verifiers.verbatim import verbatim

WIDTH, LAYERS = 2 * HEADS, 2


def weights(seed: int = 0) -> dict[str, torch.Tensor]:
    """A network of the shipped one's form, small and drawn at random."""
    draw = torch.Generator().manual_seed(seed)
    shapes = {"match": (MATCHES, WIDTH), "pool": (1, WIDTH), "vote": (3, WIDTH), "whole": (WIDTH, 3 * WIDTH)}
    shapes |= {"label": (3, WIDTH)}
    for layer in range(LAYERS):
        square = ("query", "key", "value", "out", "premise.key", "premise.value")
        shapes |= {f"{layer}.{name}": (WIDTH, WIDTH) for name in square}
        shapes |= {f"{layer}.up": (3 * WIDTH, WIDTH), f"{layer}.down": (WIDTH, 3 * WIDTH)}
    found = {"match": torch.randn(shapes.pop("match"), generator=draw)}
    for name, shape in shapes.items():
        found[f"{name}.weight"] = torch.randn(shape, generator=draw) / WIDTH**0.5
        found[f"{name}.bias"] = torch.randn(shape[0], generator=draw)
    for layer in range(LAYERS):
        for name in ("norm", "last"):
            found[f"{layer}.{name}.weight"], found[f"{layer}.{name}.bias"] = torch.ones(WIDTH), torch.zeros(WIDTH)
    return found


def premises(lengths: list[int], seed: int = 1) -> Premises:
    draw = torch.Generator().manual_seed(seed)
    mask = padded([[1] * length for length in lengths])[1]
    return Premises(torch.randn(len(lengths), LAYERS, max(lengths), WIDTH, generator=draw), mask)


def hypotheses(lengths: list[int], premise: list[int], seed: int = 2) -> Hypotheses:
    draw = torch.Generator().manual_seed(seed)
    mask = padded([[1] * length for length in lengths])[1]
    states = torch.randn(len(lengths), max(lengths), WIDTH, generator=draw)
    return Hypotheses(states, mask, mask.long(), torch.tensor(premise))


def only(asked: Hypotheses, at: int, length: int) -> Hypotheses:
    """One hypothesis, without the padding that it had beside the others."""
    return Hypotheses(
        asked.states[at : at + 1, :length], asked.mask[at : at + 1, :length], asked.matched[at : at + 1, :length],
        torch.tensor([0]),
    )  # fmt: skip  # one call


def test_what_is_read_of_a_pair_does_not_depend_on_what_shares_its_batch() -> None:
    texts, asked = premises([5, 9]), hypotheses([3, 7, 4], premise=[0, 1, 1])
    together = logits(weights(), texts, asked)
    for at, (length, of) in enumerate([(3, 0), (7, 1), (4, 1)]):
        alone = Premises(
            texts.states[of : of + 1, :, : [5, 9][of]], texts.mask[of : of + 1, : [5, 9][of]]
        )  # without padding
        assert torch.allclose(logits(weights(), alone, only(asked, at, length))[0], together[at], atol=1e-5)


def test_the_hypothesis_reads_its_own_premise() -> None:
    texts, asked = premises([5, 5]), hypotheses([4, 4], premise=[0, 1])
    swapped = replace(asked, premise=torch.tensor([1, 0]))
    assert not torch.allclose(logits(weights(), texts, asked), logits(weights(), texts, swapped), atol=1e-3)


def test_packed_weights_come_back_to_half_a_step_of_each_row_and_vectors_exactly(tmp_path: Path) -> None:
    before = weights()
    packed.save(before, tmp_path / "network.safetensors")
    after = packed.load(tmp_path / "network.safetensors")
    assert set(after) == set(before)
    for name, weight in before.items():
        if weight.dim() == 1:
            assert torch.equal(after[name], weight)
        else:
            step = weight.abs().amax(dim=1, keepdim=True) / 127
            assert ((after[name] - weight).abs() <= step / 2 + 1e-6).all()
    assert (tmp_path / "network.safetensors").stat().st_size < sum(weight.numel() for weight in before.values()) * 2


def test_tokens_are_marked_as_absent_present_or_beside_the_same_neighbour() -> None:
    # [CLS] a b c [SEP] against [CLS] b c x a [SEP]: the frame is no match; b and c are neighbours in both, a is alone.
    assert matched((101, 1, 2, 3, 102), (101, 2, 3, 9, 1, 102)) == (0, 2, 2, 0, 1, 0)


def test_trees_answer_as_scikit_learn_does() -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(400, 3))
    truth = matrix[:, 0] * matrix[:, 1] > matrix[:, 2]
    model = ensemble.HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6).fit(matrix, truth)
    made = tuple(
        tuple(
            Node(0, float(node["value"]), -1, -1)
            if node["is_leaf"]
            else Node(int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]))
            for node in predictor.nodes
        )
        for (predictor,) in model._predictors
    )
    trees = Trees(("a", "b", "c"), float(model._baseline_prediction[0, 0]), made)
    ours = [trees.logit(dict(zip("abc", row, strict=True))) for row in matrix]
    assert ours == pytest.approx(model.decision_function(matrix).tolist(), abs=1e-9)


def leaf(value: float) -> Trees:
    return Trees((), value, ())


def blend(supported: float, contradicted: float, rival: float = 1.0, grounded: float = 0.5) -> Blend:
    words = Words(leaf(0.0), leaf(0.0), Regression(0.0, {}))
    said, denied, by_article = (Regression(log_odds(share), {}) for share in (supported, contradicted, grounded))
    return Blend(words, said, denied, by_article, Regression(0.0, {"log_odds": rival}), {})


def test_a_named_conflict_takes_from_the_words_what_its_strength_tells() -> None:
    found = Words(leaf(2.0), leaf(0.5), Regression(0.0, {"negation": -3.0})).logits({"negation": 0.5})
    assert found == {"words_supported": pytest.approx(0.5), "words_contradicted": 0.5}


def test_what_is_not_supported_is_dealt_between_contradicted_and_absent() -> None:
    found = blend(0.6, 0.25).probabilities({}, Probabilities(0.2, 0.3, 0.5))
    assert (found.supported, found.contradicted, found.absent) == pytest.approx((0.6, 0.1, 0.3))


def test_by_an_article_another_regression_says_how_likely_support_is() -> None:
    found = blend(0.6, 0.25, grounded=0.8).probabilities({}, Probabilities(0.2, 0.3, 0.5), by_article=True)
    assert (found.supported, found.contradicted, found.absent) == pytest.approx((0.8, 0.05, 0.15))


@pytest.mark.parametrize(
    ("hypothesis", "said"),
    [
        ("The mayor opened the bridge.", True),
        ("THE MAYOR  opened the bridge", True),
        ("The mayor opened the bridge. It cost £2m.", True),
        ("The mayor opened it.", False),
        ("The bridge cost £2m.", False),
        ("He denied it.", False),
    ],
)
def test_word_for_word_is_whole_sentences(hypothesis: str, said: bool) -> None:
    premise = "It cost £2m. The mayor opened the bridge. He denied that the bridge cost £2m."
    assert verbatim(premise, hypothesis) is said


def test_a_statement_and_a_false_version_that_are_equally_likely_share_evenly() -> None:
    even, likelier = Probabilities(0.5, 0.2, 0.3), Probabilities(0.9, 0.05, 0.05)
    assert blend(0.5, 0.5).share(even, even) == pytest.approx(0.5)
    # ln(.9/.1) - ln(.5/.5) = 2.197, and 1 / (1 + exp(-2.197)) = .9
    assert blend(0.5, 0.5).share(likelier, even) == pytest.approx(0.9)


def test_a_short_premise_is_read_whole_and_of_a_long_one_the_nearest_sentences_in_order() -> None:
    short = "One thing happened. Another did not."
    assert joined(passage(short, "Nothing.")) == short
    filler = "Nothing of interest was said about it at all."
    told = [filler] * 30
    told[3], told[17], told[25] = "The zebra escaped.", "A zebra was seen in Leeds.", "Keepers caught the zebra."
    spans = passage(" ".join(told), "The zebra was caught in Leeds.")
    assert len(" ".join(told).split()) > WHOLE
    assert len(spans) == SENTENCES
    assert [span.text for span in spans] == [told[3], told[17], told[25]]
