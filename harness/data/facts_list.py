"""A list of wordings in ``facts.yaml`` with other items: the lines of those that stay are left as they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def relisted(text: str, items: Sequence[str], new: Sequence[str]) -> str | None:
    """The text of a key and its list, an item a line or more, with these items; None where it is no such list.

    An item that was there keeps its lines, with the comments above and behind it. ``new`` is each item as a line of
    YAML, for those that were not.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import ComposerError
    from ruamel.yaml.nodes import ScalarNode, SequenceNode
    from ruamel.yaml.tokens import BlockEntryToken

    yaml = YAML(typ="safe", pure=True)
    try:
        [(_, node)] = yaml.compose(text).value
    except ComposerError:  # an alias: its anchor stands elsewhere in the file
        return None
    block = isinstance(node, SequenceNode) and not node.flow_style
    if not block or not items or not all(isinstance(item, ScalarNode) for item in node.value):
        return None
    dashes = [token.start_mark.line for token in yaml.scan(text) if isinstance(token, BlockEntryToken)]
    lines = text.split("\n")
    starts = [_with_comments(lines, line) for line in dashes]
    there: dict[str, list[str]] = {}
    for item, (start, end) in zip(node.value, pairwise([*starts, len(lines)]), strict=True):
        there.setdefault(item.value, lines[start:end])
    dash = " " * node.start_mark.column + "- "
    kept = [there.get(item, [dash + line]) for item, line in zip(items, new, strict=True)]
    return "\n".join([*lines[: starts[0]], *(line for each in kept for line in each)])


def _with_comments(lines: Sequence[str], dash: int) -> int:
    """The first of the comments and blank lines that stand above an item."""
    while dash > 1 and (not lines[dash - 1].strip() or lines[dash - 1].lstrip().startswith("#")):
        dash -= 1
    return dash
