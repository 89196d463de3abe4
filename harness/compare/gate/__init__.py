"""Check a run against a baseline by rules that limit what may get worse, and by how much."""
