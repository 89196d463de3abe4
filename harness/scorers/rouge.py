"""ROUGE: word overlap with the references, computed by the rouge-score package."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.metadata import version

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, Overlap, SummaryScorer, explain_no_reference, measure_best_and_mean
from harness.text import UNSPACED, base_language, sentences

_TITLES = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "rougeLsum": "ROUGE-Lsum"}
_PARTS = {"": "", ".precision": " precision", ".recall": " recall", ".mean": " (mean over references)"}
_ENGLISH = "en"
_OF_ARTICLE = "article"
_UNSPACED = re.compile(f"[{UNSPACED}]")
STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip  # a table of two columns
"""Language other than English → its algorithm in snowballstemmer."""


class Rouge(SummaryScorer):
    """ROUGE-1, -2, -L and -Lsum (Lin 2004), computed by the rouge-score package.

    ``rouge1`` is the best F1 over the references, as in ROUGE-1.5.5 -f B and rouge-score's ``score_multi``.
    ``rouge1.precision`` and ``rouge1.recall`` belong to the same reference; ``rouge1.mean`` is the mean F1. Other types
    may have another best reference. Each score lists the value for every reference by its id (``bullets=0.4121``), best
    first. A reference that is scored like a summary is never compared with itself, so it has one reference fewer.

    For Lsum, ``harness.text.sentences`` splits both texts; the other types do not need sentences.
    """

    stemmer: bool = True
    """Compare stems (ROUGE-1.5.5 -m), so that "signs" matches "signed": Porter stems of English words of four letters
    and more; Snowball stems of all words of other languages."""
    language: str = Field(_ENGLISH, pattern=f"^([a-z]{{2,3}}|{_OF_ARTICLE})$")
    """Language of the texts. en keeps only digits and the letters a to z, as rouge-score does, so a text without any of
    these has no value. Other codes keep the letters of all scripts; article takes the language of each article."""

    def check(self) -> Iterable[str]:
        if self.language != _OF_ARTICLE and (reason := self._explain_no_stemmer(self.language)):
            yield reason

    def depends(self) -> Mapping[str, str]:
        stemmed = self.stemmer and self.language != _ENGLISH
        return {
            **{name: version(name) for name in ("rouge-score", "nltk")},
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
        tokenizer = make_tokenizer(language, self.stemmer)
        alphabet = "letters (a to z) or digits" if language == _ENGLISH else "letters or digits"
        if not tokenizer.tokenize(text):
            return self.nothing(f"the summary has no {alphabet} for ROUGE to read")
        references = {each.id: each.text for each in case.references if tokenizer.tokenize(each.text)}
        if not references:
            return self.nothing(explain_no_reference(case) or f"no reference has {alphabet} for ROUGE to read")
        overlaps = {
            key: compare(each, text, language, self.stemmer, article_language) for key, each in references.items()
        }
        measures: dict[str, Measure] = {}
        for rouge in _TITLES:
            measures |= measure_best_and_mean(rouge, {key: by_type[rouge] for key, by_type in overlaps.items()})
        return measures

    def _explain_no_stemmer(self, language: str) -> str | None:
        """Explain why words of a language cannot be stemmed as configured; return None if they can or need not be."""
        if not self.stemmer or language == _ENGLISH or language in STEMMERS:
            return None
        stemmed = ", ".join((_ENGLISH, *STEMMERS))
        return f"no stemmer for language {language!r}; set stemmer: false (languages with a stemmer: {stemmed})"


@lru_cache(maxsize=1000)  # a summary that people judged is scored twice: with their labels and without
def compare(reference: str, summary: str, language: str, stemmer: bool, article_language: str) -> dict[str, Overlap]:
    """Return the overlap by ROUGE type. Words are split as in ``language``, sentences as in ``article_language``."""
    from rouge_score.rouge_scorer import RougeScorer

    tokenizer = make_tokenizer(language, stemmer)
    *whole, by_line = _TITLES
    scores = RougeScorer(whole, tokenizer=tokenizer).score(reference, summary)
    lines = ("\n".join(span.text for span in sentences(text, article_language)) for text in (reference, summary))
    scores |= RougeScorer([by_line], tokenizer=tokenizer).score(*lines)
    return {name: Overlap(*map(float, score)) for name, score in scores.items()}


# Words ----------------------------------------------------------------------------------------------------------------


class Tokenizer:
    """The tokenizer that ``RougeScorer`` expects. It remembers texts, because each is compared with several others."""

    def __init__(self, split: Callable[[str], list[str]]) -> None:
        self.tokenize = lru_cache(maxsize=1000)(split)


@cache
def make_tokenizer(language: str, stemmer: bool) -> Tokenizer:
    """Return the tokenizer of a language. A stemmer needs English or a language in ``STEMMERS``.

    English is split by rouge-score, into runs of the letters a to z and digits.
    """
    if language == _ENGLISH:
        from rouge_score.tokenizers import DefaultTokenizer

        return Tokenizer(DefaultTokenizer(use_stemmer=stemmer).tokenize)
    if not stemmer:
        return Tokenizer(split_words)
    from snowballstemmer import stemmer as find_stemmer

    stem = find_stemmer(STEMMERS[language]).stemWord
    return Tokenizer(lambda text: list(map(stem, split_words(text))))


def split_words(text: str) -> list[str]:
    """Split a text in any language but English into runs of letters, marks and digits, in lower case.

    In scripts without spaces, each character is a word.
    """

    def space(character: str) -> str:
        if unicodedata.category(character)[0] not in "LMN":
            return " "
        return f" {character} " if _UNSPACED.match(character) else character

    return "".join(map(space, unicodedata.normalize("NFKC", text).lower())).split()
