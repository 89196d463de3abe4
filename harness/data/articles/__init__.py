"""Articles with their references and facts, from folders, JSONL, tables and data sets.

loading         load: what a config names, read article by article; find and read_folder: one folder, with its faults
sources         how a config names them: a path, a table with its columns, a data set
rows            an article from a row, and the lines of JSONL; tables has CSV and Parquet, hub has ``datasets``
collection      the articles of a run, kept on disk and not in memory
front_matter    the YAML on top of article.md
texts           what a text, a name, a date must be like
write           articles as JSONL or as folders
lint            what is weak in a set of articles; near finds those that are nearly the same
"""

from harness.data.articles.loading import Folder, find, folders, load, read_folder

__all__ = ["Folder", "find", "folders", "load", "read_folder"]
