"""How far intervals, tests and coefficients can be trusted, by simulation."""
