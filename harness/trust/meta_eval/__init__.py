"""A verifier measured against a corpus of people's labels."""
