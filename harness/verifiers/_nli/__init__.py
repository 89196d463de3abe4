"""The parts of the verifier ``nli``."""
