"""One file a verifier."""
