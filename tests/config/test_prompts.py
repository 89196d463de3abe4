"""Prompts see the article's fields and nothing else."""

from __future__ import annotations

import pytest

from harness.config.prompts import Prompt, faults, messages
from harness.errors import ConfigError
from harness.records import Article, Message, Part

ARTICLE = Article("a", "Head.\nBody & <b>more</b>.", title="T", parts=(Part("body", 6, 26),))


def test_a_prompt_is_rendered_with_the_fields_and_is_not_escaped() -> None:
    prompt = Prompt(template="{{ article.title }}: {{ article.body }}", system_message="Be {{ article.language }}.")
    assert messages(prompt, ARTICLE) == (
        Message("system", "Be en."),
        Message("user", "T: Body & <b>more</b>."),
    )


def test_text_of_the_article_is_never_a_template() -> None:
    article = Article("a", "{{ 7 * 7 }} {% raw %}")
    assert messages(Prompt(template="{{ article.text }}"), article)[0].content == "{{ 7 * 7 }} {% raw %}"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one\n{{ article.txet }}", [(2, "names article.txet, which is not there; did you mean article.text?")]),
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
