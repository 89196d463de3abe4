"""What words and values tell beside the network, as numbers: its probabilities are weighed with them."""

from __future__ import annotations

import math

from harness.records import Probabilities
from harness.verifiers._entailment.passages import Passage
from harness.verifiers._slots.findings import Findings

_CONFLICTS = ("number", "date", "name", "quote", "negation", "antonym", "role")
"""The conflicts that calibrators have weights for."""
_FLOOR = 1e-4
"""The least probability whose logarithm is taken."""


def features(read: Probabilities, findings: Findings, passage: Passage, verbatim: bool) -> dict[str, float]:
    """By name, always the same ones in the same order."""
    absent = math.log(max(read.absent, _FLOOR))
    return {
        "supported": math.log(max(read.supported, _FLOOR)) - absent,
        "contradicted": math.log(max(read.contradicted, _FLOOR)) - absent,
        "alignment": findings.alignment,
        "coverage": findings.coverage,
        "coverage_squared": findings.coverage**2,
        "order": findings.order,
        "log_words": math.log1p(min(findings.words, 60)),
        "missing": len(findings.of("missing")) / findings.words if findings.words else 0.0,
        **{f"conflict_{kind}": _strongest(findings, kind) for kind in _CONFLICTS},
        "verbatim": float(verbatim),
        "left_out": math.log1p(passage.left_out),
    }


def _strongest(findings: Findings, kind: str) -> float:
    """How well the clause around the strongest conflict of a kind matches; 0 where there is none."""
    return max((slot.strength for slot in findings.of("conflict") if slot.type == kind), default=0.0)
