"""People's labels of a run's premises and hypotheses.

file        ``labels.jsonl`` beside an article: appended, never rewritten; pairs to label elsewhere
people      people's labels in place of the verifier's verdicts
"""

from harness.data.labels.file import (
    append,
    append_all,
    find_faults,
    find_path,
    hash_labels,
    load_labels,
    read,
    require_path,
    select_current,
)

__all__ = [
    "append",
    "append_all",
    "find_faults",
    "find_path",
    "hash_labels",
    "load_labels",
    "read",
    "require_path",
    "select_current",
]
