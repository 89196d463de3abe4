"""The parts of the verifier ``slots``."""
