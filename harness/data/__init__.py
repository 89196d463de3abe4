"""Articles, facts, labels and runs on disk, and what is weak in them before a model is judged.

articles/         articles with references and facts
facts/            facts.yaml: read, edited, checked
labels/           people's labels of a run's pairs
pairs/            premises and hypotheses in files of their own
runs/             the folder of a run
yaml              YAML with the line of every key, and the layout of facts.yaml
issues            what lint reports about articles and facts
validation        data against a pydantic model, with errors that say what to type
lines             lines of JSONL and rows of CSV, each with its place
datasets_library  data sets on the hub or saved in a folder, by the library ``datasets``
cache             computed answers by content, for all runs
"""
