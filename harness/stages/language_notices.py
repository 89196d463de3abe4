"""Notices of languages: what a verifier does not read, and what is in another language than is given for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from harness import languages
from harness.document import format as fmt
from harness.records import Article, Summary
from harness.seams import Verifier
from harness.text import base_language, is_dialogue

_MULTILINGUAL = "MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7"


@dataclass(slots=True)
class _Told:
    """How many there are, and what is said of the first."""

    number: int = 0
    first: str = ""

    def add(self, said: str) -> None:
        self.number += 1
        self.first = self.first or said

    def line(self, one: str, several: str, than: str) -> str:
        counted = f"1 {one} reads" if self.number == 1 else f"{self.number:,} {several} read"
        return f"{counted} as another language than {than}: {self.first}{' (and so on)' if self.number > 1 else ''}"


class LanguageNotices:
    """Counts articles and summaries by the languages that are given for them and that they are surely in."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._given: Counter[str] = Counter()
        self._misnamed, self._strays = _Told(), _Told()
        self._dialogues: list[str] = []

    def see(self, article: Article) -> None:
        self._given[article.language] += 1
        if is_dialogue(article.text) and not getattr(self._verifier, "reads_dialogues", True):
            self._dialogues.append(article.id)
        if code := languages.other(article.text, article.language):
            self._misnamed.add(f"{article.id} ({article.path}) as {code}, not {article.language}")

    def see_summary(self, summary: Summary, article: Article) -> None:
        code = languages.other(summary.text or "", article.language)
        if code and code != languages.other(article.text, article.language):
            self._strays.add(f"{summary.system} of {article.id} as {code}, where the article is in {article.language}")

    def lines(self) -> Iterator[str]:
        yield from self._unread()
        if self._dialogues:
            yield (
                f"{fmt.plural(len(self._dialogues), 'article')} read as a dialogue (first: {self._dialogues[0]}): "
                f"{self._verifier.kind()} leaves claims about them undecided"
            )
        if self._misnamed.number:
            told = self._misnamed.line("article", "articles", "is given or assumed")
            yield f"{told}; give its language in the article's front matter, column or field `language`"
        if self._strays.number:
            yield self._strays.line("summary", "summaries", "the article")

    def _unread(self) -> Iterator[str]:
        """A line where articles are in languages that the verifier does not read."""
        read = self._verifier.languages
        foreign = {code: count for code, count in self._given.items() if read and base_language(code) not in read}
        if foreign and read:
            number, every = sum(foreign.values()), sum(self._given.values())
            of = fmt.plural(every, "article")
            yield (
                f"{number:,} of {of} {fmt.are(number)} in {', '.join(sorted(foreign))}, and the verifier "
                f"{self._verifier.kind()} reads "
                f"{', '.join(sorted(read))}: their verdicts are uncertain, but for what stands there word for word; "
                f"a multilingual model of nli reads others, such as {_MULTILINGUAL}"
            )
