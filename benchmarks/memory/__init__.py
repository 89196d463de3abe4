"""Memory of a run, and how it grows with the number of articles."""
