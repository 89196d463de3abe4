"""Read and write articles, facts, labels and runs, and find weaknesses in them before any model is evaluated.

articles/   articles with references and facts
facts/      facts.yaml: read, edit, check
runs/       the folder of a run
labels      people's labels of pairs: labels.jsonl, export and import, and how labels override verdicts
ratings     people's ratings of summaries
pairs       premises and hypotheses from JSONL files, with or without labels
objects     articles and summaries from Python objects
lint        errors and weaknesses in articles and facts
cache       a cache of computed answers, shared by all runs
lines       rows of JSONL and CSV files, each with its place
yaml        YAML with the line of every key, and the layout of facts.yaml
validation  check data against a pydantic model, with errors that say what to type
"""
