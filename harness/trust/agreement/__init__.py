"""How far people agree with one another and with the verifier, and what both make of a run."""
