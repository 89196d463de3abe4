"""Articles with their references and facts, from folders, JSONL, tables and data sets.

loading   load the articles that a config names, and keep them on disk
folder    read one article's folder, and report its problems
rows      an article from a row of a JSONL, CSV or Parquet file, or of a data set
sources   the articles' sources in a config: a path, a table with its columns, a data set
texts     check the texts and names of articles
write     write articles as JSONL or as folders
"""

from harness.data.articles.folder import Folder, find_article, list_folders, read_folder
from harness.data.articles.loading import Articles, load

__all__ = ["Articles", "Folder", "find_article", "list_folders", "load", "read_folder"]
