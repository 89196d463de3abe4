"""Prompts see the article's fields and nothing else."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from harness.config.prompts import Prompt, faults, messages, uses_article
from harness.errors import ConfigError
from harness.records import Article, Message, Part

ARTICLE = Article("a", "Head.\nBody & <b>more</b>.", title="T", parts=(Part("body", 6, 26),))


def test_a_prompt_is_rendered_with_the_fields_and_is_not_escaped() -> None:
    prompt = Prompt(template="{{ article.title }}: {{ article.body }}", system_message="Be {{ article.language }}.")
    assert messages(prompt, ARTICLE) == (
        Message("system", "Be en."),
        Message("user", "T: Body & <b>more</b>."),
    )


@pytest.mark.parametrize(
    ("template", "dated", "undated"),
    [
        ("On {{ article.date }}.", "On 2022-02-24.", "On ."),
        ("{{ 'On ' ~ article.date }}", "On 2022-02-24", "On "),
        ("On {{ article.date | upper }}.", "On 2022-02-24.", "On ."),
        ("{% if article.date %}{{ article.date }}{% else %}undated{% endif %}", "2022-02-24", "undated"),
        ("On {{ article.date }}.{% set n = 3 %}", "On 2022-02-24.", "On ."),
    ],
    ids=["alone", "joined", "filtered", "asked for", "in a process of its own"],
)
def test_a_date_that_an_article_does_not_have_is_no_word_of_its_prompt(template: str, dated: str, undated: str) -> None:
    prompt = Prompt(template=template)
    assert messages(prompt, ARTICLE)[0].content == undated
    assert messages(prompt, replace(ARTICLE, date="2022-02-24"))[0].content == dated


def test_text_of_the_article_is_never_a_template() -> None:
    article = Article("a", "{{ 7 * 7 }} {% raw %}")
    assert messages(Prompt(template="{{ article.text }}"), article)[0].content == "{{ 7 * 7 }} {% raw %}"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one\n{{ article.txet }}", [(2, "names article.txet, which is not there; did you mean article.text?")]),
        ("{{ article['titel'] }}", [(1, "names article.titel, which is not there; did you mean article.title?")]),
        ("{{ article['title'][0] }}{{ article[summary_of] }}", [(1, "names 'summary_of'")]),
        ("a\n{% include 'other.j2' %}", [(2, "takes in another template, and each stands alone here")]),
        ("{% extends 'other.j2' %}", [(1, "takes in another template")]),
        ("{% import 'other.j2' as other %}", [(1, "takes in another template")]),
        ("{% from 'other.j2' import other %}", [(1, "takes in another template")]),
        ("{{ summary }}", [(1, "names 'summary', which is not there")]),
        ("{% if article.text %}", [(1, "is not a valid Jinja2 template")]),
        ("a\n{{ article.text | upcase }}", [(2, "is not a valid Jinja2 template: No filter named 'upcase'")]),
        ("{% for w in article.text.split() %}{{ w }}{{ loop.index }}{% endfor %}", []),
        ("{% set n = 3 %}{{ n }} {{ range(3) | list }}", []),
    ],
)
def test_faults_are_found_without_rendering(template: str, expected: list[tuple[int, str]]) -> None:
    found = list(faults(template))
    assert [line for line, _ in found] == [line for line, _ in expected]
    assert all(message.startswith(start) for (_, message), (_, start) in zip(found, expected, strict=True))


LONG = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("one\n{{ 1 // 0 }}", "its template cannot be rendered for article a, line 2: ZeroDivisionError"),
        ("one\ntwo\n{% for n in range(200000) %}x{% endfor %}", "a, line 3: OverflowError: Range too big"),
        (f"one\n{LONG}", "a, line 2: takes more than 2 seconds"),
        ("{{ article.body * 999999999 }}", "takes more than 1,024 MB"),
        ("{{ article.body * 999999 }}", "comes to 18,999,981 characters, 4,000,000 are allowed"),
        ("{{ 'x' | center(9999999999) }}", "takes more than 1,024 MB"),
        ("{{ article.text.nothing.more }}", "a, line 1: UndefinedError"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "RecursionError"),
    ],
)
def test_a_template_that_fails_or_takes_too_much_is_an_error_with_its_line(template: str, said: str) -> None:
    assert list(faults(template)) == []
    with pytest.raises(ConfigError) as caught:
        messages(Prompt(template=template), ARTICLE)
    assert said in str(caught.value)
    assert messages(Prompt(template="{% for n in range(3) %}{{ n }}{% endfor %}"), ARTICLE)[0].content == "012"


@pytest.mark.parametrize(
    ("template", "system", "uses"),
    [("Summarise.", None, False), ("{{ article.text }}", None, True), ("Go.", "{{ article.body }}", True)],
)
def test_a_prompt_that_never_names_the_article_is_known(template: str, system: str | None, uses: bool) -> None:
    assert uses_article(Prompt(template=template, system_message=system)) is uses


@pytest.mark.parametrize(
    "template",
    [
        "{{ article.__class__.__mro__ }}",
        "{{ article.text.__class__.__base__.__subclasses__() }}",
        "{{ ''.format.__globals__ }}",
    ],
)
def test_the_sandbox_lets_no_template_out(template: str) -> None:
    with pytest.raises(ConfigError):
        messages(Prompt(template=template), ARTICLE)


def test_a_prompt_after_an_interruption_is_its_own_and_not_that_of_the_one_before() -> None:
    """As Ctrl-C ends a run, and another goes on in the same process (a notebook); it falls into the rendering."""
    busy = Prompt(template="{% for a in range(9000) %}{% for b in range(9000) %}{% endfor %}{% endfor %}busy")
    other = Prompt(template="{% for n in range(3) %}{{ n }}{% endfor %}")
    messages(other, ARTICLE)
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            messages(busy, ARTICLE)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert messages(other, ARTICLE)[0].content == "012"
