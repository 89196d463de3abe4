"""Look for what is weak in a set of articles, before models are judged by them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harness import languages
from harness.data.articles.texts import article_fault
from harness.data.issues import Issue
from harness.records import Article, Item
from harness.text import is_dialogue, words

_MOJIBAKE = re.compile(r"Ã[\x80-\xbf©¨¶¼¤Ÿ]|â€[™œ\x9d“”˜¦]|Â[\xa0£©°«»]")
"""UTF-8 that was read as Windows-1252: é as Ã©, ’ as â€™."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+);|</?(?:p|br|div|span|a|b|i|strong|em)\b[^<>]*>", re.IGNORECASE)


def lint(items: Sequence[Item]) -> list[Issue]:
    """What is weak, article by article, then in pairs of articles, then in all of them."""
    alone = [
        issue for item in items for check in (_empty, _encoding, _language, _dialogue) for issue in check(item.article)
    ]
    return [*alone, *_twice([item.article for item in items]), *_lacking(items)]


def _empty(article: Article) -> Iterator[Issue]:
    if fault := article_fault(article.text):
        remedy = "its summaries have no text and its scores no value, and say so; take the row out to be rid of it"
        yield Issue("error", article.id, fault.partition(";")[0], remedy)


def _encoding(article: Article) -> Iterator[Issue]:
    text = article.text
    if "�" in text:
        remedy = "get the source again: what stood there is lost"
        yield Issue("warning", article.id, f"holds the replacement character � {text.count('�')} times", remedy)
    if match := _MOJIBAKE.search(text):
        remedy = "save the source as UTF-8 again, or mend it with a tool such as ftfy"
        yield Issue("warning", article.id, f"holds {match[0]!r}, UTF-8 that was read as Windows-1252", remedy)
    if match := _CONTROL.search(text):
        yield Issue("warning", article.id, f"holds the control character {match[0]!r}", "take it out")
    if match := _MARKUP.search(text):
        remedy = "take the markup out: models copy it, and no reference has it"
        yield Issue("warning", article.id, f"holds the markup {match[0]!r}", remedy)


def _language(article: Article) -> Iterator[Issue]:
    if code := languages.other(article.text, article.language):
        message = f"reads as {code}, and its language is given as {article.language}"
        yield Issue("warning", article.id, message, f"give it the language {code}: verifiers read some languages only")


def _dialogue(article: Article) -> Iterator[Issue]:
    if is_dialogue(article.text):
        remedy = "expect undecided claims: verifiers do not check who says what, except the judge"
        yield Issue("warning", article.id, "reads as a dialogue", remedy)


def _twice(articles: Sequence[Article]) -> Iterator[Issue]:
    """Articles that repeat another one word for word."""
    remedy = "keep one of them: intervals take articles for independent"
    first: dict[tuple[str, ...], Article] = {}
    for article in articles:
        tokens = tuple(words(article.text))
        if tokens and first.setdefault(tokens, article) is not article:
            yield Issue("warning", article.id, f"has the same words as {first[tokens].id}", remedy)


def _lacking(items: Sequence[Item]) -> Iterator[Issue]:
    """What some or all articles have none of, each told once."""
    lacking = {
        "reference": ([item for item in items if not item.references], "rouge, bertscore and the like"),
        "fact": ([item for item in items if not item.facts], "fact_recall and the like"),
    }
    for what, (without, scorers) in lacking.items():
        if without:
            number = "all" if len(without) == len(items) else f"{len(without):,} of"
            have = "the article has" if len(items) == 1 else f"{number} {len(items):,} articles have"
            ids = ", ".join(item.article.id for item in without[:3]) + (", …" if len(without) > 3 else "")
            message = f"{have} no {what} ({ids})"
            yield Issue("note", "", message, f"{scorers} have no value there, and say so")
