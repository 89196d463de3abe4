"""Models that transformers loads: finding and loading their weights."""
