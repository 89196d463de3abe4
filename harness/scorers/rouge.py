"""Word overlap with the references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers._overlap import compare, read_once
from harness.scorers._stems import ENGLISH, STEMMERS, reader
from harness.scorers.measure import Measure, SummaryScorer
from harness.scorers.references import best_and_mean, no_reference
from harness.text import base_language

_TITLES = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "rougeLsum": "ROUGE-Lsum"}
_SIGNS = "letters (a to z) and digits"
_ITS_OWN = "article"


class Rouge(SummaryScorer):
    """ROUGE-1, -2, -L and -Lsum (Lin 2004), with the numbers that the rouge-score package gives for a pair.

    ``rouge1`` is F1 against the reference that gives the best F1 (per type, as ROUGE-1.5.5 -f B and rouge-score's
    ``score_multi`` do), ``rouge1.precision`` and ``rouge1.recall`` are of that same reference, ``rouge1.mean`` is
    the mean F1 over the references. Each score names the value for every reference (``bullets=0.4121``), the best
    one first. A reference is never compared with itself, so the best of a person's summary is taken over one
    reference fewer than a system's; the means have no such lead.

    For Lsum both texts are cut into sentences by ``harness.text.sentences``; the other types read them as they are.
    """

    stemmer: bool = True
    """Compare stems (ROUGE-1.5.5 -m), so that "signs" matches "signed": Porter stems of English words of four letters
    and more, as rouge-score does, Snowball stems of all words of other languages."""
    language: str = Field("en", pattern=f"^([a-z]{{2,3}}|{_ITS_OWN})$")
    """Whose words are compared. Under en a word is a run of the letters a to z and digits, as for rouge-score, and a
    text without any gives no value. Any other code reads the letters of all scripts; article takes the language that
    each article names."""

    def check(self) -> Iterable[str]:
        if self.language != _ITS_OWN and (reason := self._unstemmed(self.language)):
            yield reason

    def depends(self) -> Mapping[str, str]:
        stemmed = self.stemmer and self.language != ENGLISH
        return {
            **({"snowballstemmer": version("snowballstemmer")} if stemmed else {}),
            "lsum-sentences": f"sentencex {version('sentencex')}",
        }

    def metrics(self) -> Sequence[Metric]:
        return [
            Metric(f"{name}{part}", f"{title}{words}", headline=not part and name in ("rouge2", "rougeL"))
            for name, title in _TITLES.items()
            for part, words in (("", ""), (".precision", " precision"), (".recall", " recall"), (".mean", " mean"))
        ]

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        article_language = case.item.article.language
        language = base_language(article_language) if self.language == _ITS_OWN else self.language
        if reason := self._unstemmed(language):
            return self.nothing(reason)
        read, signs = reader(language, self.stemmer), _SIGNS if language == ENGLISH else "letters and digits"
        summary = read_once(text, read, article_language)
        if not summary.words:
            return self.nothing(f"the summary has none of the {signs} that ROUGE reads")
        references = {each.id: read_once(each.text, read, article_language) for each in case.references}
        overlaps = {key: compare(reference, summary) for key, reference in references.items() if reference.words}
        if not overlaps:
            return self.nothing(no_reference(case) or f"no reference has any of the {signs} that ROUGE reads")
        return {
            name: measure
            for rouge in _TITLES
            for name, measure in best_and_mean(
                rouge, {key: by_type[rouge] for key, by_type in overlaps.items()}
            ).items()
        }

    def _unstemmed(self, language: str) -> str | None:
        """Why words of a language cannot be stemmed as asked; None where they can or need not be."""
        if not self.stemmer or language == ENGLISH or language in STEMMERS:
            return None
        return f"there is no stemmer for language {language!r}; set stemmer: false (stemmed: en, {', '.join(STEMMERS)})"
