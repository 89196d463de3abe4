"""harness: which summariser leaves out or invents facts, with the evidence.

From Python: ``config.load`` and ``pipeline.run`` are ``harness run``, ``pipeline.read`` gives a run as it lies on disk,
and ``records`` is the vocabulary of both. docs/from-python.md shows them, and verifiers, scorers and statistics alone.
"""

from __future__ import annotations

__version__ = "0.1.0"
