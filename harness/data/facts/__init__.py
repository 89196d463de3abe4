"""The checkable facts of an article, in its ``facts.yaml``.

file        read the facts, and report problems of the file
edit        add, change and remove facts
wording     facts that say nearly the same, ids for new facts, and the passage that a fact quotes
"""

from harness.data.facts.file import FactEntry, FactsContent, FactsFile, explain_missing_passage, parse_entries, read

__all__ = ["FactEntry", "FactsContent", "FactsFile", "explain_missing_passage", "parse_entries", "read"]
