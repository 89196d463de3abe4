"""Check a run against a baseline by rules: what may not get worse, and by how much."""
