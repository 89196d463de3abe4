"""Simulations that check intervals, tests and coefficients."""
