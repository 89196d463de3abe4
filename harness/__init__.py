"""harness: which summariser leaves out or invents facts, with the evidence."""

from __future__ import annotations

__version__ = "0.1.0"
