"""Fact recall and faithfulness as modules of the evaluate library.

    import evaluate
    from harness import metrics

    recall = evaluate.load(metrics.FACT_RECALL)
    recall.compute(predictions=["The deal was signed."], references=[["The deal was signed.", "It rained."]])

Each folder holds a script of its own name, as ``evaluate.load`` wants it, and can be loaded by its path. The scorer
``evaluate`` goes the other way, and runs modules of that library here. The documentation gives users the name
``harness.metrics``, so it stays.
"""

from __future__ import annotations

from pathlib import Path

FACT_RECALL = str(Path(__file__).with_name("fact_recall"))
FAITHFULNESS = str(Path(__file__).with_name("faithfulness"))
