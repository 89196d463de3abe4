"""What the verifier ``probe`` is made of."""
