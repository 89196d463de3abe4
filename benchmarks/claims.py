"""Does it help to check a summary by its clauses instead of its sentences?

    python benchmarks/claims.py [--data DIR] [--verifier KIND]… [--half HALF] [--seed N]

Writes ``benchmarks/claims.md`` from the half ``report``; ``--half development`` prints the same tables of the other
half and writes nothing. With another choice of verifiers than the usual two they are printed only.

The data are the pairs of BUMP (MIT): an article, a summary that is faithful to it, and the same summary with one error
written in by a person. A summary's score is the mean, or the least, of P(supported) over its units. Consistency is the
share of pairs whose faithful summary has the higher score, ties fail; AUC pools all summaries. Intervals are
percentiles of the difference over resamples of the source articles.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt

from benchmarks.data_option import parser
from harness import config, provenance
from harness.claims import Units, claims
from harness.files import write_text
from harness.records import Claim, Pair
from harness.seams import Verifier

Floats = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "claims.md"
RESAMPLES = 5000
BATCH = 256
EXAMPLES = 12
UNITS: tuple[Units, Units] = ("sentences", "clauses")
VERIFIERS = ("lexical", "entailment")
REDUCED: dict[str, Callable[[Sequence[float]], float]] = {"mean": fmean, "least": min}


@dataclass(frozen=True)
class Edit:
    """A summary as people found it faithful, and with one error written in."""

    group: str
    kind: str
    article: str
    faithful: str
    edited: str


@dataclass(frozen=True)
class Scored:
    """The pairs' scores under one unit and one way to reduce them, in the order of the pairs."""

    faithful: Floats
    edited: Floats

    @cached_property
    def right(self) -> Floats:
        """Pairs in order: whether the faithful summary has the higher score."""
        return (self.faithful > self.edited).astype(np.float64)

    @cached_property
    def wins(self) -> Floats:
        """Faithful × edited summaries: 1 where the first has the higher score, half where they are equal."""
        ahead = self.faithful[:, None] - self.edited[None, :]
        return (np.sign(ahead) + 1) / 2

    def consistency(self, weights: Floats) -> Floats:
        """One value a row of weights (resamples × pairs)."""
        return np.asarray(weights @ self.right / weights.sum(axis=1))

    def auc(self, weights: Floats) -> Floats:
        """One value a row of weights (resamples × pairs)."""
        return np.asarray(((weights @ self.wins) * weights).sum(axis=1) / weights.sum(axis=1) ** 2)


def edits(folder: Path, half: str, seed: int) -> list[Edit]:
    """The pairs of one half of the source articles."""
    with (folder / "bump_pairs.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    groups = sorted({str(row["group"]) for row in rows})
    order = np.random.default_rng(seed).permutation(len(groups))
    chosen = {groups[place] for place in (order[::2] if half == "development" else order[1::2])}
    return [
        Edit(str(row["group"]), row["kind"], row["premise"], row["supported"], row["contradicted"])
        for row in rows
        if str(row["group"]) in chosen
    ]


def scored(
    pairs: Sequence[Edit], units: Units, make: Callable[[], Verifier]
) -> tuple[dict[str, Scored], dict[str, float]]:
    """Reduction → the pairs' scores; and what it took: units a summary, seconds to find and to judge them."""
    started = time.process_time()
    found = claims([(text, "en") for pair in pairs for text in (pair.faithful, pair.edited)], units)
    cut = time.process_time()
    verifier = make()
    asked = list(
        dict.fromkeys(
            (pair.article, claim.text)
            for pair in pairs
            for text in (pair.faithful, pair.edited)
            for claim in found[text, "en"]
        )
    )
    supported: dict[tuple[str, str], float] = {}
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        verdicts = verifier.verify([Pair(*each) for each in batch])
        supported.update(zip(batch, (verdict.probabilities.supported for verdict in verdicts), strict=True))

    def scores(article: str, text: str) -> list[float]:
        return [supported[article, claim.text] for claim in found[text, "en"]]

    by = {
        name: Scored(
            np.array([reduce(scores(pair.article, pair.faithful)) for pair in pairs]),
            np.array([reduce(scores(pair.article, pair.edited)) for pair in pairs]),
        )
        for name, reduce in REDUCED.items()
    }
    took = {
        "units": fmean(len(each) for each in found.values()),
        "finding": cut - started,
        "judging": time.process_time() - cut,
        "summaries": float(len(found)),
    }
    return by, took


def weights(pairs: Sequence[Edit], rng: np.random.Generator) -> Floats:
    """Resamples × pairs: how often each is drawn, all pairs of an article together; the first row is all of them."""
    groups = sorted({pair.group for pair in pairs})
    place = [groups.index(pair.group) for pair in pairs]
    drawn = rng.multinomial(len(groups), [1 / len(groups)] * len(groups), size=RESAMPLES).astype(np.float64)
    return np.vstack([np.ones(len(pairs)), drawn[:, place]])


@dataclass(frozen=True)
class Difference:
    """A measure by sentences and by clauses, with the interval of the second minus the first."""

    sentences: float
    clauses: float
    low: float
    high: float

    @classmethod
    def of(cls, sentences: Floats, clauses: Floats) -> Difference:
        """From one value a resample, the first of all pairs."""
        low, high = np.percentile((clauses - sentences)[1:], [2.5, 97.5])
        return cls(float(sentences[0]), float(clauses[0]), float(low), float(high))

    @property
    def told(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        change = f"{self.clauses - self.sentences:+.3f} ({self.low:+.3f} to {self.high:+.3f})"
        return f"{self.sentences:.3f} | {self.clauses:.3f} | {change}"


def differences(members: Floats, by: dict[Units, Scored], drawn: Floats) -> list[Difference]:
    """Of consistency and of AUC, over some of the pairs."""
    taken = drawn * members
    taken = taken[taken.sum(axis=1) > 0]
    return [
        Difference.of(*(measure(by[units], taken) for units in UNITS)) for measure in (Scored.consistency, Scored.auc)
    ]


def table(pairs: Sequence[Edit], make: Callable[[], Verifier], rng: np.random.Generator) -> list[str]:
    """What the difference comes to; then, for each reduction, the table of all pairs and of each kind of error."""
    (sentences, before), (clauses, after) = (scored(pairs, units, make) for units in UNITS)
    drawn = weights(pairs, rng)
    kinds = ["all", *sorted({pair.kind for pair in pairs})]
    lines, told = [], 0
    for name in REDUCED:
        by: dict[Units, Scored] = {"sentences": sentences[name], "clauses": clauses[name]}
        lines += [
            f"### The {name} of P(supported) over the units of a summary",
            "",
            "| error (pairs) | consistency: sentences | clauses | difference | AUC: sentences | clauses | difference |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        for kind in kinds:
            members = np.array([float(kind in {"all", pair.kind}) for pair in pairs])
            found = differences(members, by, drawn)
            told += sum(each.told for each in found) if kind == "all" else 0
            lines.append(f"| {kind} ({int(members.sum())}) | {' | '.join(map(str, found))} |")
        lines.append("")
    reading = f"Of the {2 * len(REDUCED)} differences over all pairs, {told or 'none'} can be told from zero."
    count = after["summaries"]
    took = (
        f"{before['units']:.2f} sentences a summary, {after['units']:.2f} clauses. Processor time, over {count:,.0f} "
        f"different summaries: {after['finding']:.1f} s to find the clauses (the parser's start included), "
        f"{before['judging']:.1f} s to judge the sentences, {after['judging']:.1f} s to judge the clauses."
    )
    return [reading, "", *lines, took, ""]


def examples(pairs: Sequence[Edit], rng: np.random.Generator) -> list[str]:
    """Sentences that were taken apart, drawn at random."""
    texts = sorted({pair.faithful for pair in pairs})
    whole, parts = (claims([(text, "en") for text in texts], units) for units in UNITS)
    split = []
    for text in texts:
        for sentence in whole[text, "en"]:
            inside = [claim for claim in parts[text, "en"] if _within(claim, sentence)]
            if len(inside) > 1:
                split.append((sentence.text, [claim.text for claim in inside]))
    chosen = rng.permutation(len(split))[:EXAMPLES]
    return [
        "| sentence | claims |",
        "|---|---|",
        *(f"| {split[place][0]} | {'<br>'.join(split[place][1])} |" for place in sorted(chosen)),
    ]


def _within(claim: Claim, sentence: Claim) -> bool:
    return sentence.span.start <= claim.span.start and claim.span.end <= sentence.span.end


HEAD = """# Sentences or clauses?

Made by `python benchmarks/claims.py` on {date}, seed {seed}, on {cores} cores of {machine}.

BUMP task 1, the half of the source articles named `{half}`: {pairs} pairs from {groups} articles. The rules were
written with sentences of both halves in view, not their scores; none was kept or dropped by a score. The verifiers
were fitted on all of BUMP, by sentences, so both columns are kind to them, and the first a little more: most of all to
`entailment`, whose network has read these very sentences.
Intervals: 95%, {resamples:,} resamples of the articles. Consistency: the faithful summary above the edited one, ties
fail. `claims: sentences` stays the default until a difference shows.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--verifier", dest="verifiers", action="append", metavar="KIND")
    command.add_argument("--half", choices=("report", "development"), default="report")
    command.add_argument("--seed", type=int, default=0)
    given = command.parse_args()
    rng = np.random.default_rng(given.seed)
    pairs = edits(Path(given.data), given.half, given.seed)
    machine = provenance.machine()
    head = HEAD.format(
        date=date.today().isoformat(),
        seed=given.seed,
        cores=os.cpu_count(),
        machine=machine.get("processor", machine),
        half=given.half,
        pairs=len(pairs),
        groups=len({pair.group for pair in pairs}),
        resamples=RESAMPLES,
    )
    kinds = tuple(given.verifiers or VERIFIERS)
    body = [
        line for kind in kinds for line in (f"## `{kind}`", "", *table(pairs, partial(config.verifier, kind, ()), rng))
    ]
    shown = ["## Splits", "", f"{EXAMPLES} sentences of the same half that were taken apart, at random.", ""]
    text = "\n".join([head, *body, *shown, *examples(pairs, rng), ""])
    if (given.half, kinds) == ("report", VERIFIERS):
        write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
