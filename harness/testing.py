"""Assertions about summaries for pytest: ``assert_faithful`` and ``assert_keeps``.

Wherever harness is installed, pytest loads this module as a plugin, so only functions import heavy modules.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import DataError, HarnessError, ModelError, StoreError, UsageError

if TYPE_CHECKING:
    import pytest

    from harness.records import Item, Pair, Span, Use, Verdict
    from harness.seams import Verifier

_VERIFIER, _MISSING = "harness_verifier", "harness_missing_model"

_verifiers: dict[str, Verifier] = {}
"""Kind or config → loaded verifier, kept so that each process loads its weights only once."""
_missing_models: dict[str, HarnessError] = {}
"""Kind or config → why the model is unavailable, kept so that each process tries to download it only once."""
_settings: dict[str, str] = {_VERIFIER: "entailment", _MISSING: "fail"}


def assert_faithful(
    article: object, summary: str, verifier: str | Path | None = None, allow_undecided: bool = True
) -> None:
    """Fail unless the article supports every claim (sentence) of the summary, and the summary has a claim.

    ``article`` is a text or a row, as for ``harness.evaluate``; ``verifier`` is a kind or the path of a YAML config.
    Undecided claims only raise a warning, unless ``allow_undecided`` is False; claims that could not be checked fail.
    Raises DataError or ConfigError for invalid arguments, StoreError or ModelError if the verifier cannot be loaded.
    """
    __tracebackhide__ = True
    from harness.claims import find_claims, make_pair
    from harness.records import Generation

    item = _read_article(article, summary)
    found = find_claims(Generation("", summary), item.article.language)
    if not found:
        raise AssertionError("the summary has no claims to check; is it empty, or only a heading?")
    verdicts = _verify([make_pair(claim.text, item) for claim in found], verifier)
    undecided = [verdict.label == "uncertain" and not verdict.abstained for verdict in verdicts]
    wrong = [
        _describe(verdict, claim.text, "grounding")
        for claim, verdict, is_undecided in zip(found, verdicts, undecided, strict=True)
        if verdict.label != "supported" and not (is_undecided and allow_undecided)
    ]
    if wrong:
        raise AssertionError("\n".join([f"the article does not support {len(wrong)} of {len(found)} claims:", *wrong]))
    if any(undecided):
        texts = "; ".join(claim.text for claim, each in zip(found, undecided, strict=True) if each)
        warnings.warn(f"{sum(undecided)} of {len(found)} claims undecided: {texts}", stacklevel=2)


def assert_keeps(
    article: object,
    summary: str,
    facts: Sequence[object] | Mapping[str, object] | None = None,
    verifier: str | Path | None = None,
) -> None:
    """Fail unless the summary supports every fact; an undecided fact is not kept.

    ``facts`` is a statement, or a list of statements or dicts with the keys of facts.yaml (default: the facts in
    the article's row). See ``assert_faithful`` for the other arguments and the errors.
    """
    __tracebackhide__ = True
    from harness.records import Pair

    item = _read_article(article, summary, None if facts is None else [facts])
    if not item.facts:
        raise DataError('there are no facts to check; pass facts=["…"], or give the article the key "facts"')
    verdicts = _verify([Pair.of_fact(summary, fact, item.article) for fact in item.facts], verifier)
    lost = [
        _describe(verdict, f"{fact.id}: {fact.statement}", "coverage", fact.evidence)
        for fact, verdict in zip(item.facts, verdicts, strict=True)
        if verdict.label != "supported"
    ]
    if lost:
        raise AssertionError("\n".join([f"the summary does not keep {len(lost)} of {len(item.facts)} facts:", *lost]))


def _read_article(article: object, summary: object, facts: list[object] | None = None) -> Item:
    __tracebackhide__ = True
    from harness.data.objects import read_articles

    if not isinstance(summary, str):
        raise DataError(f"summary must be text, not {summary!r:.60}")
    try:
        items = read_articles(article, facts)
    except UsageError as error:
        raise error.with_traceback(None) from None  # so that the traceback ends in the user's test
    if len(items) > 1:
        raise DataError(f"article holds {len(items):,} articles; give one, and parametrize the test for more")
    return items[0]


def _verify(pairs: Sequence[Pair], verifier: str | Path | None) -> list[Verdict]:
    """Verify the pairs; if the verifier's model is unavailable, raise its error or skip the test."""
    __tracebackhide__ = True
    from harness.config import load_verifier

    kind = str(verifier or _settings[_VERIFIER])
    if kind not in _missing_models:
        try:
            if kind not in _verifiers:
                _verifiers[kind] = load_verifier(kind)
            return _verifiers[kind].verify_all(pairs)
        except UsageError as error:
            raise error.with_traceback(None) from None
        except (StoreError, ModelError) as error:
            _missing_models[kind] = error
    reason = _missing_models[kind]
    if _settings[_MISSING] == "skip":
        import pytest

        pytest.skip(str(reason))
    raise type(reason)(f"{reason}\nTo skip such tests, set {_MISSING} = skip in pytest's configuration.")


def _describe(verdict: Verdict, statement: str, use: Use, source: Span | None = None) -> str:
    """Describe a verdict in a few lines; ``source`` is the passage of the article that states the fact."""
    from harness.document.labels import format_reason

    premise = "summary" if use == "coverage" else "article"
    names = {"contradicted": "contradicted", "absent": f"not in the {premise}", "uncertain": "undecided"}
    name = f"{names[verdict.label]}, P(supported) = {verdict.probabilities.supported:.2f}"
    details = [
        ("reason", format_reason(verdict, use)),
        ("doubtful", ", ".join(each.stated for each in verdict.differences if not each.found)),
        (premise, verdict.evidence and verdict.evidence.text),
        ("article", source and source.text),
    ]
    lines = [f"    {title}: {text}" for title, text in details if text]
    return "\n".join([f"- {statement} ({'not checked' if verdict.abstained else name})", *lines])


# The plugin -----------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(_VERIFIER, "verifier of assert_faithful and assert_keeps: a kind, or a config", default="entailment")
    parser.addini(
        _MISSING, "fail or skip tests if the verifier's model is missing and cannot be downloaded", default="fail"
    )


def pytest_configure(config: pytest.Config) -> None:
    import pytest

    verifier, missing = str(config.getini(_VERIFIER)), str(config.getini(_MISSING))
    if missing not in ("fail", "skip"):
        raise pytest.UsageError(f"{_MISSING} is {missing!r}; write fail or skip")
    if Path(verifier).suffix in (".yaml", ".yml"):
        verifier = str(config.rootpath / verifier)
    _settings.update({_VERIFIER: verifier, _MISSING: missing})
