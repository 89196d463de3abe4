"""The parts of the verifier ``decision``."""
