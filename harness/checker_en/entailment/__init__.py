"""The parts of the verifier ``entailment``."""
