"""How well it does what it is for, against human labels."""
