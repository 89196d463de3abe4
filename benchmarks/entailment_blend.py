"""Fitting what stands beside the network of ``entailment``: trees on words and slots, and the regressions over both."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.fit_lexical import lexicon
from benchmarks.fitting import FALSE, beside, halved, regression
from benchmarks.labelled import Choice, Data, Row
from harness import progress
from harness.records import Label, Pair, Probabilities
from harness.verifiers import slots
from harness.verifiers._entailment.blend import Blend, Words, log_odds, read_logits
from harness.verifiers._entailment.evidence import surface
from harness.verifiers._entailment.passages import is_long, joined, passage
from harness.verifiers._entailment.trees import Node, Trees
from harness.verifiers._lexical.match import Matcher
from harness.verifiers._lexical.weights import Lexicon
from harness.verifiers._regressions import Regression
from harness.verifiers._slots.findings import TYPES, Findings, SlotType
from harness.verifiers.verbatim import verbatim

Question = tuple[str, str]
"""A premise and a statement."""
Told = tuple[Question, Label, bool]
"""What people said of a question, or what it was made to be; and whether absent there may be contradicted."""
Read = Mapping[Question, Probabilities]
"""(premise as the network reads it, statement) → what the network says."""

TREES = {"max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 80, "l2_regularization": 5.0}
ERRORS = 0.7
"""What a sentence with an error counts beside a faithful one, where an article is the premise: as if two in five had
one. In BUMP it is one in two, since its errors are written in, and of what people write far less."""
LENGTHS = frozenset({"log_premise", "log_beyond", "recall_by_length", "recall_beyond"})
"""What depends on how long the premise is. Of REALSumm's summaries it tells how much a system leaves out (fact AUC .844
for .840); where a premise is a single sentence it misleads."""
CONFLICTS = {kind: f"slot_{kind}_conflict_strength" for kind in TYPES}
ALIKE: Mapping[SlotType, SlotType] = {"role": "negation"}
"""Conflicts that weigh what another weighs: exchanged roles are too rare to be learned, among made statements too."""
MADE = 0.1
"""What a made statement counts beside one that people judged, where conflicts are weighed: people seldom deny what they
sum up or exchange who did it, and every third false version does."""
LOGITS = ["words_supported", "words_contradicted", "read_supported", "read_contradicted", "read_absent"]
ABOUT_ARTICLES = ["words_supported", "read_supported"]


@dataclass
class Surface:
    """The features of words and slots under one lexicon; findings are made once and kept in a file."""

    lexicon: Lexicon
    findings: Mapping[Question, Findings]
    _known: dict[Question, dict[str, float]] = field(default_factory=dict)

    def features(self, question: Question) -> dict[str, float]:
        if question not in self._known:
            self._known[question] = surface(self._matcher.match(*question), self.findings[question])
        return self._known[question]

    def __post_init__(self) -> None:
        self._matcher = Matcher(self.lexicon)

    def readable(self, question: Question) -> bool:
        """Whether the statement has a word of content; one in a hundred made ones has none."""
        return bool(self._matcher.claim(question[1]).whole.content)


def findings(questions: Iterable[Question], batch: int = 512) -> dict[Question, Findings]:
    """What the checks of ``slots`` find of every question."""
    asked = list(dict.fromkeys(questions))
    found: list[Findings] = []
    with progress.bar("slots", len(asked)) as advance:
        for start in range(0, len(asked), batch):
            part = asked[start : start + batch]
            found += slots.findings([Pair(*question) for question in part])
            advance(len(part))
    return dict(zip(asked, found, strict=True))


def told(rows: Sequence[Row]) -> list[Told]:
    return [((row.premise, row.hypothesis), row.label, row.corpus == "coverage") for row in rows]


def words_of(data: Data, groups: frozenset[str]) -> Lexicon:
    """Word weights from the articles of the groups."""
    return lexicon({edit.group: edit.article for edit in data.edits if edit.group in groups}.values())


@dataclass(frozen=True)
class Rows:
    """Statements of some groups."""

    people: Sequence[Told]
    """Judged by people."""
    made: Sequence[Told]
    """Made of their articles."""


def words(train: Rows, held: Rows, features: Surface) -> Words:
    """Trees for P(supported) on what people said, and for P(contradicted | not supported) on made statements as well.

    Of the second, rows that do not tell contradicted from absent are no part. Made statements that are supported are
    shorter forms of a sentence: trees that learned from them mistook paraphrases (.007 of fact AUC). What conflicts
    take from the first is learned on the rows held back, which the trees have not seen.
    """
    rest = [row for row in (*train.people, *train.made) if row[1] != "supported" and not row[2]]
    supported = _trees(train.people, [label == "supported" for _, label, _ in train.people], features, LENGTHS)
    return Words(
        supported,
        _trees(rest, [label == "contradicted" for _, label, _ in rest], features),
        _conflicts(supported, held, features),
    )


def _conflicts(supported: Trees, held: Rows, features: Surface) -> Regression:
    rows = [*held.people, *held.made]
    known = [features.features(question) for question, _, _ in rows]
    learned = beside(
        np.array([supported.logit(each) for each in known]),
        [_by_kind(each) for each in known],
        np.array([label == "supported" for _, label, _ in rows]),
        np.array([1.0] * len(held.people) + [MADE] * len(held.made)),
    )
    return Regression(0.0, {name: learned[ALIKE.get(kind, kind)] for kind, name in CONFLICTS.items()})


def _by_kind(features: Mapping[str, float]) -> dict[str, float]:
    """The strength of the strongest conflict of each kind."""
    found: dict[str, float] = defaultdict(float)
    for kind, name in CONFLICTS.items():
        found[ALIKE.get(kind, kind)] = max(found[ALIKE.get(kind, kind)], features[name])
    return found


def _trees(
    rows: Sequence[Told], truth: Sequence[bool], features: Surface, without: Collection[str] = frozenset()
) -> Trees:
    names = tuple(name for name in features.features(rows[0][0]) if name not in without)
    matrix = np.array([[features.features(question)[name] for name in names] for question, _, _ in rows])
    model = HistGradientBoostingClassifier(**TREES, random_state=0).fit(matrix, truth)
    made = [predictor.nodes for (predictor,) in model._predictors]  # scikit-learn has no other way out
    return Trees(names, float(model._baseline_prediction[0, 0]), tuple(map(_tree, made)))  # the same


def _tree(nodes: npt.NDArray[Any]) -> tuple[Node, ...]:
    return tuple(
        Node(0, round(float(node["value"]), 6), -1, -1)
        if node["is_leaf"]
        else Node(int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]))
        for node in nodes
    )


@dataclass(frozen=True)
class Known:
    """What is known of questions before anything is weighed."""

    words: Words
    surface: Surface
    read: Read


def blend(held: Sequence[Told], choices: Sequence[Choice], known: Known) -> Blend:
    """The regressions, on groups that neither the trees nor the network have seen."""
    rows = [logits(known, question) for question, _, _ in held]
    weights = halved([merged for _, _, merged in held])
    supported = regression(LOGITS, rows, [label == "supported" for _, label, _ in held], weights=weights)
    rest = [at for at, (_, label, merged) in enumerate(held) if label != "supported" and not merged]
    false = [held[at][1] == "contradicted" for at in rest]
    contradicted = at_odds(regression(LOGITS, [rows[at] for at in rest], false), float(np.mean(false)))
    long = grounded(held, rows)
    without = Blend(known.words, supported, contradicted, long, Regression(0.0, {}), {})
    return replace(without, rival=_rival(choices, without, known))


def grounded(held: Sequence[Told], rows: Sequence[Mapping[str, float]]) -> Regression:
    """P(supported) by an article, with sentences that have an error in them made rarer than they are in BUMP."""
    about = [at for at, (question, _, _) in enumerate(held) if is_long(question[0])]
    weights = [ERRORS if held[at][1] == "contradicted" else 1.0 for at in about]
    truth = [held[at][1] == "supported" for at in about]
    return regression(ABOUT_ARTICLES, [rows[at] for at in about], truth, weights=np.array(weights))


def at_odds(fitted: Regression, share: float) -> Regression:
    """For summaries in which one in five of the statements that are not supported is contradicted, as in ``rival``.

    An assumption: it was fitted where ``share`` of them are, since BUMP's errors are written in.
    """
    shift = math.log(FALSE / (1 - FALSE)) - math.log(share / (1 - share))
    return Regression(round(fitted.bias + shift, 4), fitted.weights)


def logits(known: Known, question: Question) -> dict[str, float]:
    words = known.words.logits(known.surface.features(question))
    return {**words, **read_logits(_seen(known, question))}


def probabilities(made: Blend, known: Known, question: Question) -> Probabilities:
    """What the verifier says of a question that it is asked."""
    features = known.surface.features(question)
    found = made.probabilities(features, _seen(known, question), is_long(question[0]))
    return Probabilities(found.supported + found.contradicted, 0.0, found.absent) if verbatim(*question) else found


def _seen(known: Known, question: Question) -> Probabilities:
    premise, statement = question
    return known.read[joined(passage(premise, statement)), statement]


def _rival(choices: Sequence[Choice], so_far: Blend, known: Known) -> Regression:
    """At even odds, each choice shown from both sides; then the odds of real summaries are put in."""

    def odds(premise: str, text: str) -> float:
        return log_odds(probabilities(so_far, known, (premise, text)).supported)

    ahead = [odds(each.premise, each.true) - odds(each.premise, each.false) for each in choices]
    both = [{"log_odds": value} for difference in ahead for value in (difference, -difference)]
    even = regression(["log_odds"], both, [True, False] * len(ahead), bias=False)
    return Regression(round(math.log((1 - FALSE) / FALSE), 4), even.weights)


def as_json(made: Blend) -> str:
    """As ``Blend.load`` reads it."""

    def trees(each: Trees) -> dict[str, Any]:
        return {"names": each.names, "bias": each.bias, "trees": [[list(node) for node in tree] for tree in each.trees]}

    parts = {
        "card": made.card,
        "supported": asdict(made.supported),
        "contradicted": asdict(made.contradicted),
        "grounded": asdict(made.grounded),
        "rival": asdict(made.rival),
        "words": {
            "supported": trees(made.words.supported),
            "contradicted": trees(made.words.contradicted),
            "conflicts": asdict(made.words.conflicts),
        },
    }
    return json.dumps(parts, ensure_ascii=False) + "\n"
