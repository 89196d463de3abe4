"""Compare runs, systems, prompts or models, and gate a run against a baseline.

stored           finished runs on disk
sides            what is compared with what
table            scores as arrays; systems merged into sides
ranking          sides ranked by one metric, and which do not differ significantly
changes          facts gained and lost, summaries that changed
run_differences  what else differs between two runs
comparison       runs all of these, and defines the records of a comparison
report           the comparison as a document, JSON and CSV
gate             checks a run against a baseline by rules
"""
