"""Read and write articles, facts, labels and runs, and find weaknesses in them before any model is evaluated.

articles/   articles with references and facts
facts/      facts.yaml: read, edited, checked
labels/     people's labels of a run's pairs
runs/       the folder of a run
yaml        YAML with the line of every key, and the layout of facts.yaml
objects     articles and summaries from Python objects
pairs       premises and hypotheses in files of their own, with or without labels
ratings     people's ratings of summaries
validation  check data against a pydantic model, with errors that say what to type; the record of an issue
lint        weaknesses of articles and facts, some of them found with a verifier
lines       lines of JSONL and rows of CSV, each with its place
cache       computed answers by content, for all runs
"""
