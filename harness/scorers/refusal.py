"""Refusals to summarise an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.text import base_language, normalise

_CANNOT = (
    r"i(?: cannot| can not| can't| could not| couldn't| will not be able to| won't be able to"
    r"|(?: am|'m) (?:unable to|not able to))"
)
_SORRY = (
    r"(?:(?:i am|i'm) (?:very |so |really )?sorry|sorry|(?:i|my) apolog(?:i[sz]e|ies)|unfortunately)[,.;:!-]* "
    r"(?:but |however,? )?"
)
_TASK = (
    r"(?:summari[sz]e|fulfill? (?:this|that|your|the) |comply with |(?:help|assist) (?:you )?with (?:this|that|your)"
    r"|(?:provide|create|generate|write|produce) (?:you with )?(?:an?|the|any|this|that|your) (?:\w+ ){0,2}summar"
    r"|access (?:the|this|that|any|external|links|urls|web)|process (?:this|that|your)|complete (?:this|that|your))"
)
_ARTICLE = r"(?:the|an|any|your|me the) (?:full |actual )?(?:article|text)"

PATTERNS = {
    "speaks as a machine": rf"(?:{_SORRY})?as an? (?:ai|(?:ai |large )?language model|ai assistant|ai model), ?i\b",
    "is sorry and cannot": rf"(?!unfortunately){_SORRY}{_CANNOT}\b",
    "cannot do the task": rf"(?:{_SORRY})?{_CANNOT} {_TASK}",
    "asks for the article": (
        rf"(?:{_SORRY})?(?:please (?:provide|share|paste|send) |(?:it (?:seems|looks|appears)(?: like| that)? )?"
        rf"you (?:forgot to|did not|didn't|have not|haven't) (?:provided?|included?|pasted?|shared?) ){_ARTICLE}"
    ),
}
"""Name → regular expression for the start of a refusal, in lower case with plain quotes."""

_MARKS = " \t\r\n_#>-"


class Refusal(SummaryScorer):
    """1 if the summary is a refusal, else 0, so that a mean is the share refused; the score names the pattern.

    Only the start of the text counts, and only outside quotation marks. The patterns are English and favour precision,
    so some refusals are missed. If the article is in another language, a text without an English refusal has no value.
    """

    def metrics(self) -> Sequence[Metric]:
        return (Metric("refusal", "Refused", better="lower"),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        start = " ".join(normalise(text).lower().replace("*", "").lstrip(_MARKS).split())
        names = tuple(name for name, pattern in PATTERNS.items() if re.match(pattern, start))
        if names:
            return {"refusal": Measure(1.0, names=names)}
        language = case.item.article.language
        if base_language(language) != "en":
            return self.nothing(f"refusals are recognised in English, and the article is in {language}")
        return {"refusal": Measure(0.0)}
