"""Measure how well a classifier guesses labels from the hypotheses alone: ideally no better than chance.

python -m benchmarks.training.giveaways [--data DIR]

Hypothesis-only baselines: Gururangan et al. 2018, Poliak et al. 2018.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from benchmarks import common
from benchmarks.quality.questions import read_open_set
from benchmarks.training.rows import Record, Split, read_written

FOLDS = 5
SPLITS: tuple[Split, ...] = ("train", "dev")
KINDS = ("short claims", "long claims", "facts")


def main() -> None:
    given = common.make_parser(__doc__).parse_args()
    sets = {
        f"open set, {name}": [
            row for part in parts for split in SPLITS for row in read_open_set(given.data, split, part)
        ]
        for name, parts in {"parts 1, 2, 3 and 5": (1, 2, 3, 5), "parts 6 and 8 to 15": (6, *range(8, 16))}.items()
    }
    sets["data/written"] = [row for split in SPLITS for row in read_written(given.data, split)]
    lines = ["| set | rows | labels guessed from the hypothesis alone | most frequent label |", "|---|---|---|---|"]
    for name, rows in sets.items():
        for kind in KINDS:
            chosen = [row for row in rows if _find_kind(row) == kind]
            if not chosen:
                continue
            most_frequent = max(Counter(row["label"] for row in chosen).values()) / len(chosen)
            lines.append(f"| {name}, {kind} | {len(chosen)} | {guess(chosen):.2f} | {most_frequent:.2f} |")
    sys.stdout.write("\n".join(lines) + "\n")


def guess(rows: Sequence[Record]) -> float:
    """Return the share of labels guessed right from the hypothesis's words and word pairs, cross-validated by text."""
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2), LogisticRegression(max_iter=1000))
    labels = [row["label"] for row in rows]
    guessed = cross_val_predict(
        model, [row["hypothesis"] for row in rows], labels, groups=[row["group"] for row in rows], cv=GroupKFold(FOLDS)
    )
    return sum(map(str.__eq__, guessed, labels)) / len(labels)


def _find_kind(row: Record) -> str:
    if row["level"] == "unit":
        return "facts"
    return "long claims" if row["kind"].endswith("l") else "short claims"


if __name__ == "__main__":
    main()
