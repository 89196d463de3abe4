"""The parts of the verifier ``lexical``."""
