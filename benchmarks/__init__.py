"""Measurements of harness against peers and human labels: one command each, its table committed beside it."""
