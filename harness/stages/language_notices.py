"""Notices of languages: what a verifier does not read, and what is in another language than is given for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness import languages
from harness.records import Article, Summary
from harness.seams import Verifier
from harness.text import base_language

_MULTILINGUAL = "MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7"


class LanguageNotices:
    """Counts articles and summaries by the languages that are given for them and that they are surely in."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._given: Counter[str] = Counter()
        self._misnamed: list[str] = []
        self._strays: list[str] = []

    def see(self, article: Article) -> None:
        self._given[article.language] += 1
        if code := languages.other(article.text, article.language):
            self._misnamed.append(f"{article.id} ({article.path}) as {code}, where {article.language} is given")

    def see_summary(self, summary: Summary, article: Article) -> None:
        code = languages.other(summary.text or "", article.language)
        if code and code != languages.other(article.text, article.language):
            self._strays.append(
                f"{summary.system} of {article.id} as {code}, where the article is in {article.language}"
            )

    def lines(self) -> Iterator[str]:
        yield from self._unread()
        if self._misnamed:
            yield (
                f"{_reads(self._misnamed, 'article', 'articles')} as another language than is given: "
                f"{_first(self._misnamed)}; give its language in the article's front matter, column or field `language`"
            )
        if self._strays:
            yield (
                f"{_reads(self._strays, 'summary', 'summaries')} as another language than the article: "
                f"{_first(self._strays)}"
            )

    def _unread(self) -> Iterator[str]:
        """A line where articles are in languages that the verifier does not read."""
        read = self._verifier.languages
        foreign = {code: count for code, count in self._given.items() if read and base_language(code) not in read}
        if foreign and read:
            number = f"{sum(foreign.values()):,} of {sum(self._given.values()):,} articles"
            yield (
                f"{number} are in {', '.join(sorted(foreign))}, and the verifier {self._verifier.kind()} reads "
                f"{', '.join(sorted(read))}: their verdicts are uncertain, but for what stands there word for word; "
                f"a multilingual model of nli reads others, such as {_MULTILINGUAL}"
            )


def _reads(found: list[str], one: str, several: str) -> str:
    return f"1 {one} reads" if len(found) == 1 else f"{len(found):,} {several} read"


def _first(found: list[str]) -> str:
    return found[0] + (" (and so on)" if len(found) > 1 else "")
