"""Models that transformers loads: where their weights lie, and how they come into memory."""
