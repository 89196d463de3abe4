"""Articles with their references and facts, from folders, JSONL, tables and data sets.

loading         load: the articles that a config names, from wherever they come
folder          one article's folder: what it holds, and what is wrong with it
sources         how a config names them: a path, a table with its columns, a data set
rows            an article from a row, and the lines of JSONL; tables has CSV and Parquet, data_set has ``datasets``
collection      the articles of a run, kept on disk and not in memory
front_matter    the YAML on top of article.md
texts           what a text, a name, a date must be like
write           articles as JSONL or as folders
lint            what is weak in a set of articles
"""

from harness.data.articles.folder import Folder, find, folders, read_folder
from harness.data.articles.loading import load

__all__ = ["Folder", "find", "folders", "load", "read_folder"]
