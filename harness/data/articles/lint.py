"""Find what is weak in a set of articles, before models are judged by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harness import languages
from harness.data.articles.texts import article_fault
from harness.data.validation import Issue
from harness.records import Article, Item
from harness.text import is_dialogue, words

_MOJIBAKE = re.compile(r"Ã[\x80-\xbf©¨¶¼¤Ÿ]|â€[™œ\x9d“”˜¦]|Â[\xa0£©°«»]")
"""UTF-8 that was read as Windows-1252: é as Ã©, ’ as â€™."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+);|</?(?:p|br|div|span|a|b|i|strong|em)\b[^<>]*>", re.IGNORECASE)


def lint(items: Sequence[Item]) -> list[Issue]:
    """Weaknesses article by article, then repeated articles, then what many articles lack."""
    alone = [issue for item in items for issue in _check_article(item.article)]
    return [*alone, *_find_repeats(items), *_find_lacking(items)]


def _check_article(article: Article) -> Iterator[Issue]:
    text = article.text
    if fault := article_fault(text):
        remedy = "its summaries have no text and its scores no value; remove the row if you do not want that"
        yield Issue("error", article.id, fault.partition(";")[0], remedy)
    if "�" in text:
        message = f"holds the replacement character � {text.count('�')} times"
        yield Issue("warning", article.id, message, "get the source again: what stood there is lost")
    if match := _MOJIBAKE.search(text):
        remedy = "save the source as UTF-8 again, or repair it with a tool such as ftfy"
        yield Issue("warning", article.id, f"holds {match[0]!r}, UTF-8 that was read as Windows-1252", remedy)
    if match := _CONTROL.search(text):
        yield Issue("warning", article.id, f"holds the control character {match[0]!r}", "remove it")
    if match := _MARKUP.search(text):
        remedy = "remove the markup: models copy it, and no reference has it"
        yield Issue("warning", article.id, f"holds the markup {match[0]!r}", remedy)
    if code := languages.other(text, article.language):
        message = f"reads as {code}, and its language is given as {article.language}"
        yield Issue("warning", article.id, message, f"set its language to {code}: verifiers read some languages only")
    if is_dialogue(text):
        remedy = "expect undecided claims: only the verifier judge checks who says what"
        yield Issue("warning", article.id, "reads as a dialogue", remedy)


def _find_repeats(items: Sequence[Item]) -> Iterator[Issue]:
    first: dict[tuple[str, ...], str] = {}
    for article in (item.article for item in items):
        tokens = tuple(words(article.text))
        if tokens and first.setdefault(tokens, article.id) != article.id:
            remedy = "keep one of them: intervals assume independent articles"
            yield Issue("warning", article.id, f"has the same words as {first[tokens]}", remedy)


def _find_lacking(items: Sequence[Item]) -> Iterator[Issue]:
    lacking = {
        "reference": ([item for item in items if not item.references], "rouge, bertscore and the like"),
        "fact": ([item for item in items if not item.facts], "fact_recall and the like"),
    }
    for what, (without, scorers) in lacking.items():
        if without:
            number = "all" if len(without) == len(items) else f"{len(without):,} of"
            have = "the article has" if len(items) == 1 else f"{number} {len(items):,} articles have"
            ids = ", ".join(item.article.id for item in without[:3]) + (", …" if len(without) > 3 else "")
            yield Issue("note", "", f"{have} no {what} ({ids})", f"{scorers} have no value there, and say so")
