"""The parts of the verifier ``judge``."""
