"""Articles, facts, labels and runs on disk, and what is weak in them before a model is judged.

articles/   articles with references and facts
facts/      facts.yaml: read, edited, checked
labels/     people's labels of a run's pairs
runs/       the folder of a run
yaml        YAML with the line of every key, and the layout of facts.yaml
pairs       premises and hypotheses in files of their own
validation  data against a pydantic model, with errors that say what to type; the issues of lint
lint        what is weak in articles and facts, also by a verifier
lines       lines of JSONL and rows of CSV, each with its place
cache       computed answers by content, for all runs
"""
