"""Verifiers: does a premise support a hypothesis? One file a kind, and the public parts that they are built from.

A new kind is a file here (``lexical`` is the plainest) with a class derived from ``PredictiveVerifier`` that has one
method, ``predict``, or from ``StatementVerifier``, which reads each wording and each false version by itself and has
``predict_statements``. Thresholds, a calibration, a place in a cascade and ``harness calibrate`` come with the base.

prediction      the base ``PredictiveVerifier``, from a pair to its verdict; ``Prediction`` is what ``predict`` gives
statements      the base ``StatementVerifier``, which weighs wordings against false versions
decide          where a prediction becomes a label: every threshold, and ``decide``
calibration     the file that ``harness calibrate`` writes, which recalibrates the probabilities
windowed        the base of those that ask about long premises in windows; windows cuts and ranks them
probabilities   probabilities from scores, and of a statement beside a false version of it
model_card      how well fitted weights agree with people

The parts of one kind stand in a folder of its name with an underscore.
"""

PARTS = frozenset(
    {"calibration", "decide", "model_card", "prediction", "probabilities", "statements", "windowed", "windows"}
)
"""Modules that are no kinds: what built-in verifiers and those of other packages share."""
