"""Measurements of harness against peers and human labels: one command each, with its table beside it."""
