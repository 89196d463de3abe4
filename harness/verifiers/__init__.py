"""Verifiers, one file a kind, and the public parts that they are built from."""

PARTS = frozenset({"calibration", "decide", "model_card", "prediction", "probabilities", "windowed", "windows"})
"""Modules that are no kinds: what built-in verifiers and those of other packages share."""
