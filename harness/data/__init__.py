"""Articles, facts, labels and runs: how they lie on disk, and what is weak in them before a model is judged by them.

articles/         articles with references and facts, from wherever they come
facts/            facts.yaml: read, edited, checked
labels/           people's labels of a run's pairs
pairs/            premises and hypotheses in files of their own
runs/             the folder of a run
yaml/             YAML with the line of every key
issues            what lint reports of articles and facts
checked           data against a pydantic model, with errors that say what to type
lines             lines of JSONL and rows of CSV, each with its place
remote            files at a URL
datasets_library  data sets on the hub or saved in a folder, by the library ``datasets``
cache             computed answers by content, for all runs
"""
