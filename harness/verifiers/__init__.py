"""Verifiers, one file a kind, and the public parts that they are built from."""

PARTS = frozenset({"calibration", "contrast", "decide", "model_card", "prediction", "windowed", "windows"})
"""Modules that are no kinds: what built-in verifiers and those of other packages share."""
