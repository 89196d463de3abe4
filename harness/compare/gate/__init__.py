"""A run held against a baseline by rules: what is counted, what may not get worse, and the exit code."""
