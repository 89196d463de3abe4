"""Texts in a language that the verifier does not read: only verbatim sentences are decided."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from builders import summary
from test_predictive import CHAT

from harness import languages
from harness.data.lint import lint_articles
from harness.records import Article, Item, Pair, Probabilities
from harness.seams import Verifier
from harness.stages.notices import LanguageNotices
from harness.verifiers.cascade import Cascade
from harness.verifiers.decide import Prediction
from harness.verifiers.judge import Judge
from harness.verifiers.lexical import Lexical
from harness.verifiers.predictive import PredictiveVerifier

PREMISE = "Der Rat hat den Plan angenommen. Er stimmte mit 16 zu 15 Stimmen dafür."


class Polyglot(PredictiveVerifier):
    """Reads every language and calls everything absent."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [Prediction(Probabilities(0.0, 0.0, 1.0)) for _ in pairs]


def german(hypothesis: str) -> Pair:
    return Pair(PREMISE, hypothesis, language="de-AT")


@pytest.mark.parametrize("verifier", [Lexical(), Cascade(steps=(Lexical(), Lexical()))], ids=["lexical", "cascade"])
def test_only_verbatim_sentences_are_decided_in_another_language(verifier: Verifier) -> None:
    english = Pair("The council approved the plan.", "The council approved the plan.")
    false, true = german("Der Rat hat den Plan nicht angenommen."), german("der Rat hat den Plan angenommen")
    denied, read, kept = verifier.verify([false, english, true])
    assert (denied.label, denied.abstained, read.label, kept.label) == ("uncertain", True, "supported", "supported")
    assert denied.reason == f"the texts are in 'de-AT', but {verifier.kind()} reads only en"


class German(Polyglot):
    languages = frozenset({"de"})


@pytest.mark.parametrize("step", [Polyglot(), German()])
def test_step_that_reads_the_language_decides(step: Verifier) -> None:
    (verdict,) = Cascade(steps=(Lexical(), step)).verify([german("Der Rat schwieg.")])
    assert (verdict.label, verdict.reason) == ("absent", f"decided by {step.kind()}")


def test_articles_in_unread_languages_give_one_notice() -> None:
    (line,) = read_notices(Lexical(), "en-GB", "en-GB", "en-GB", "de", "de", "fr")
    assert line.startswith("3 of 6 articles are in de, fr, but the verifier lexical reads only en")
    assert read_notices(Lexical(), "en") == []
    assert read_notices(Polyglot(), "de") == []


def read_notices(verifier: Verifier, *given: str, text: str = "24 / 2 / 2022") -> list[str]:
    """The notices for articles with these declared languages; ``text`` has no recognisable language by default."""
    notices = LanguageNotices(verifier)
    for number, language in enumerate(given):
        notices.add(Article(f"a{number}", text, language=language, path=f"a{number}/article.md"))
    return list(notices.lines())


def test_article_with_the_wrong_language_is_named() -> None:
    (line,) = read_notices(Polyglot(), "en", "de", text=PREMISE)
    assert line == (
        "1 article seems to be in a language other than the one stated or assumed: a0 (a0/article.md) in de, not en; "
        "state the right language in the front matter, or in the column or field `language`"
    )
    assert read_notices(Polyglot(), "de-AT", text=PREMISE) == []


@pytest.mark.parametrize(
    ("text", "tag", "code"),
    [
        (f"{PREMISE} Das berichtet The Guardian, der den Plan seit langem mit Sorge verfolgt.", "en-GB", "de"),
        ("The plan was approved by the Bundesministerium für Wirtschaft in Schleswig-Holstein.", "en-GB", None),
        ("Το σχέδιο εγκρίθηκε.", "en-GB", "el"),
        ("£5m", "en-GB", None),
        ("Kommunestyret vedtok planen på mandag etter en lang debatt.", "nb", None),
        ("The council approved the plan on Monday after a long debate.", "nb", "en"),
    ],
)
def test_language_is_detected_only_if_sure(text: str, tag: str, code: str | None) -> None:
    assert languages.detect_other(text, tag) == code


def test_summary_in_another_language_is_named() -> None:
    notices = LanguageNotices(Polyglot())
    for text in ("The council approved the plan on Monday.", "Der Rat hat den Plan am Montag angenommen.", None):
        notices.add_summary(summary(text), Article("a", "The council approved the plan."))
    (line,) = notices.lines()
    assert line == "1 summary seems to be in a language other than the article's: s of a in de, the article in en"


@pytest.mark.parametrize(
    ("premise", "hypothesis", "text"),
    [
        ("The council approved the plan.", "Der Rat hat den Plan nicht angenommen.", "statement"),
        (PREMISE, "The council approved the plan by 16 to 15.", "text"),
    ],
)
def test_text_detected_as_another_language_is_uncertain(premise: str, hypothesis: str, text: str) -> None:
    (verdict,) = Lexical().verify([Pair(premise, hypothesis)])
    assert (verdict.label, verdict.abstained) == ("uncertain", True)
    assert verdict.reason == f"the {text} seems to be in 'de', but lexical reads only en"


def test_dialogues_give_a_notice_and_an_issue() -> None:
    for verifier in (Lexical(), Cascade(steps=(Lexical(),))):
        (line,) = read_notices(verifier, "en", "en", text=CHAT)
        assert line.startswith("2 articles seem to be dialogues")
    assert read_notices(Judge(base_url="http://localhost:1/v1", model="m"), "en", text=CHAT) == []
    issues = lint_articles([Item(Article("a", CHAT)), Item(Article("b", "The council approved the plan."))])
    assert [issue.about for issue in issues if "dialogue" in issue.message] == ["a"]
