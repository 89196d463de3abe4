"""How fast it is, against what a user would take instead."""
