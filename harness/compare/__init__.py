"""Runs, systems, prompts or models compared with one another, and the gate that holds a run against a baseline.

stored           finished runs as they lie on disk
sides            what is compared with what
table, merged    scores as arrays; the systems of a side put together
ranking          sides by one metric, and which cannot be told apart
leaderboards     the rankings of a group, and each side against its reference
fact_changes, summary_changes, run_differences   what became of facts and summaries; what else differs
comparison       all of it, into the records of result
report           as a document, JSON and CSV, with every sentence in words
gate             rules, and what they find
"""
