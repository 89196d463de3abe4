"""Compare runs, systems, prompts or models, and gate a run against a baseline.

table            scores as arrays; systems merged into sides
stored           finished runs on disk, and what they share
run_differences  what differs between two runs, and whether their numbers can be compared
sides            groups systems into the sides that are compared
ranking          sides ranked by one metric, and the differences between them
changes          facts gained and lost, summaries that changed
comparison       combines all of this in one record
report           a comparison as a document or JSON
gate             checks a run against a baseline with rules
"""
