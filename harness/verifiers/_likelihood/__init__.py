"""The parts of the verifier ``likelihood``."""
