"""Word overlap with the references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, explain_no_reference, measure_best_and_mean
from harness.scorers.overlap import compare, read_text
from harness.scorers.stems import ENGLISH, STEMMERS, make_tokenizer
from harness.text import base_language

_TITLES = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "rougeLsum": "ROUGE-Lsum"}
_PARTS = {"": "", ".precision": " precision", ".recall": " recall", ".mean": " (mean over references)"}
_OF_ARTICLE = "article"


class Rouge(SummaryScorer):
    """ROUGE-1, -2, -L and -Lsum (Lin 2004), equal to the numbers of the rouge-score package.

    ``rouge1`` is F1 against the reference with the best F1 (chosen per type, like ROUGE-1.5.5 -f B and rouge-score's
    ``score_multi``), with that reference's ``rouge1.precision`` and ``rouge1.recall``; ``rouge1.mean`` is the mean F1
    over the references. Each score names the value for every reference (``bullets=0.4121``), best first. A reference
    that is scored like a summary is never compared with itself, so it has one reference fewer.

    For Lsum, ``harness.text.sentences`` splits both texts; the other types do not need sentences.
    """

    stemmer: bool = True
    """Compare stems (ROUGE-1.5.5 -m), so that "signs" matches "signed": Porter stems of English words of four letters
    and more, as rouge-score does; Snowball stems of all words of other languages."""
    language: str = Field("en", pattern=f"^([a-z]{{2,3}}|{_OF_ARTICLE})$")
    """Language of the words. en reads the letters a to z and digits, like rouge-score; a text without any has no value.
    Other codes read the letters of all scripts; article uses the language of each article."""

    def check(self) -> Iterable[str]:
        if self.language != _OF_ARTICLE and (reason := self._explain_no_stemmer(self.language)):
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
            for part, words in _PARTS.items()
        ]

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        article_language = case.item.article.language
        language = base_language(article_language) if self.language == _OF_ARTICLE else self.language
        if reason := self._explain_no_stemmer(language):
            return self.nothing(reason)
        tokenize = make_tokenizer(language, self.stemmer)
        signs = "letters (a to z) or digits" if language == ENGLISH else "letters or digits"
        summary = read_text(text, tokenize, article_language)
        if not summary.words:
            return self.nothing(f"the summary has no {signs} for ROUGE to read")
        references = {each.id: read_text(each.text, tokenize, article_language) for each in case.references}
        overlaps = {key: compare(reference, summary) for key, reference in references.items() if reference.words}
        if not overlaps:
            return self.nothing(explain_no_reference(case) or f"no reference has {signs} for ROUGE to read")
        measures: dict[str, Measure] = {}
        for rouge in _TITLES:
            measures |= measure_best_and_mean(rouge, {key: by_type[rouge] for key, by_type in overlaps.items()})
        return measures

    def _explain_no_stemmer(self, language: str) -> str | None:
        """Explain why words of a language cannot be stemmed as configured; None if they can, or need not be."""
        if not self.stemmer or language == ENGLISH or language in STEMMERS:
            return None
        stemmed = ", ".join(("en", *STEMMERS))
        return f"no stemmer for language {language!r}; set stemmer: false (languages with a stemmer: {stemmed})"
