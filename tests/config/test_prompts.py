from __future__ import annotations

from dataclasses import replace

import pytest

from harness.config.prompts import Prompt, find_faults, render_messages, uses_article
from harness.errors import ConfigError
from harness.records import Article, Message, Part

ARTICLE = Article("a", "Head.\nBody & <b>more</b>.", title="T", parts=(Part("body", 6, 26),))


def test_prompt_is_rendered_with_the_fields_and_not_escaped() -> None:
    prompt = Prompt(template="{{ article.title }}: {{ article.body }}", system_message="Be {{ article.language }}.")
    assert render_messages(prompt, ARTICLE) == (Message("system", "Be en."), Message("user", "T: Body & <b>more</b>."))
    article = Article("a", "{{ 7 * 7 }} {% raw %}")
    assert render_messages(Prompt(template="{{ article.text }}"), article)[0].content == "{{ 7 * 7 }} {% raw %}"
    assert uses_article(prompt)
    assert not uses_article(Prompt(template="Summarise."))


@pytest.mark.parametrize(
    ("template", "dated", "undated"),
    [
        ("On {{ article.date }}.", "On 2022-02-24.", "On ."),
        ("{{ 'On ' ~ article.date }}", "On 2022-02-24", "On "),
        ("On {{ article.date | upper }}.", "On 2022-02-24.", "On ."),
        ("{% if article.date %}{{ article.date }}{% else %}undated{% endif %}", "2022-02-24", "undated"),
    ],
)
def test_missing_date_is_empty(template: str, dated: str, undated: str) -> None:
    prompt = Prompt(template=template)
    assert render_messages(prompt, ARTICLE)[0].content == undated
    assert render_messages(prompt, replace(ARTICLE, date="2022-02-24"))[0].content == dated


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one\n{{ article.txet }}", [(2, "unknown field article.txet; did you mean 'text'?")]),
        ("{{ article['titel'] }}", [(1, "unknown field article.titel; did you mean 'title'?")]),
        ("{{ article['title'][0] }}{{ article[summary_of] }}", [(1, "unknown variable 'summary_of'")]),
        ("{% set a.b = 1 %}\n{{ summary }}", [(1, "unknown variable 'a'"), (2, "unknown variable 'summary'")]),
        ("Sum up:\n{{ article }}", [(2, "article has several fields; write one of them, e.g. article.text")]),
        ("{% if article.text %}", [(1, "is not a valid Jinja2 template")]),
        ("{{ article.text" + " | upper" * 2000 + " }}", [(1, "is not a valid Jinja2 template: expressions are")]),
        ("a\n{{ article.text | upcase }}", [(2, "is not a valid Jinja2 template: No filter named 'upcase'")]),
        ("{% for w in article.text.split() %}{{ w }}{{ loop.index }}{% endfor %}", []),
        ("{% set n = 3 %}{{ n }} {{ range(3) | list }}", []),
    ],
)
def test_faults_are_found_without_rendering(template: str, expected: list[tuple[int, str]]) -> None:
    found = list(find_faults(template))
    assert [line for line, _ in found] == [line for line, _ in expected]
    assert all(message.startswith(start) for (_, message), (_, start) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("one\n{{ 1 // 0 }}", "its template cannot be rendered for article a, line 2: ZeroDivisionError"),
        ("one\ntwo\n{% for n in range(200000) %}x{% endfor %}", "a, line 3: OverflowError: Range too big"),
        ("{{ article.body * 999999 }}", "the prompt is longer than 4,000,000 characters"),
        ("{% for n in range(99999) %}{{ article.text * 9 }}{% endfor %}", "longer than 4,000,000 characters"),
        ("{{ article.text.nothing.more }}", "a, line 1: UndefinedError"),
        ("a\n{% include 'other.j2' %}", "a, line 2: TypeError: no loader for this environment specified"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "RecursionError"),
        ('{{ "\\ud800" }}', "UnicodeEncodeError"),
    ],
)
def test_template_that_fails_or_grows_too_long_is_a_config_error(template: str, reason: str) -> None:
    assert list(find_faults(template)) == []
    with pytest.raises(ConfigError) as caught:
        render_messages(Prompt(template=template), ARTICLE)
    assert reason in str(caught.value)


def test_template_cannot_leave_the_sandbox() -> None:
    with pytest.raises(ConfigError, match="SecurityError"):
        render_messages(Prompt(template="{{ article.text.__class__.__base__.__subclasses__() }}"), ARTICLE)
