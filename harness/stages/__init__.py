"""The stages of a run: generate, verify, score."""
