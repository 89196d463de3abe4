"""Compare runs, systems, prompts or models, and gate a run against a baseline.

table            scores as arrays; systems merged into sides
stored           finished runs on disk, and what they share
run_differences  what differs between two runs, and whether their numbers can be compared
sides            what is compared with what
ranking          sides ranked by one metric, and the differences between them
changes          facts gained and lost, summaries that changed
comparison       does all of this, and defines the records of a comparison
report           a comparison as a document, JSON and CSV
gate             checks a run against a baseline by rules
"""
