"""Verifiers: does a premise support a hypothesis? One file per kind, and the parts that kinds are built from.

To add a kind, add a file with a class derived from ``PredictiveVerifier`` that implements ``predict``, or from
``StatementVerifier``, which weighs accepted wordings against false versions and needs ``predict_statements``;
``lexical`` is the simplest example. Thresholds, calibration, cascades and ``harness calibrate`` come with the base.

prediction    ``Prediction``, what ``predict`` returns
predictive    ``PredictiveVerifier``: from pairs to verdicts
statements    ``StatementVerifier``
windowed      ``WindowedVerifier``, which reads long premises in windows
decide        from probabilities to a label; every threshold
facts         claims checked against the facts of their article
calibration   the file that ``harness calibrate`` writes
model_card    how well fitted weights agree with people
"""

PARTS = frozenset(
    {"calibration", "decide", "facts", "model_card", "prediction", "predictive", "statements", "windowed"}
)
"""Modules that are not kinds."""
