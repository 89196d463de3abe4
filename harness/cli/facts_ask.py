"""What ``harness facts`` asks a person, and what it takes from options where nobody can be asked."""

from __future__ import annotations

import os
import sys
from typing import Literal

import click

from harness.cli.echo import echo
from harness.cli.options import IMPORTANCES, KINDS, FactOptions
from harness.data.articles import Folder
from harness.data.facts import FactEntry, evidence, not_in_article, one_word
from harness.data.facts import edit as facts_edit
from harness.data.facts.ids import fact_id
from harness.data.facts.similar import canonical, similar
from harness.data.validation import key_error, validate
from harness.data.yaml import Key
from harness.document.plain import plain, visible
from harness.errors import HarnessError, Problem, UsageError
from harness.records import Article

KEY_OF = {"contradiction": "contradictions"}
"""Option → key, where the option's name is another."""


class OptionPlaces:
    """Options as the source of data, for the places of its problems."""

    def problem(self, key: Key, message: str) -> Problem:
        """A problem of an option."""
        return Problem("", None, f"--{str(key[0]).removesuffix('s')}", message)


def entry(folder: Folder, options: FactOptions, *, asks: bool) -> FactEntry:
    """The fact that the options of ``add`` describe, the rest asked for or by default.

    UsageError where the statement or the evidence is missing and nobody can be asked.
    """
    article = folder.require_article()
    statement = _required("statement", options, asks=asks)
    _show_near(folder, statement, asks=asks)
    passage = _in_article(_required("evidence", options, asks=asks), article, asks=asks)
    values = {
        "id": options["id"] or _name(statement, folder, asks=asks),
        "statement": statement,
        "importance": options["importance"] or _choice("Importance", IMPORTANCES, "supporting", asks=asks),
        "kind": options["kind"] or _choice("Kind", KINDS, "event", asks=asks),
        "evidence": passage,
        "accepted": list(options["accepted"]) or _several("Accepted wording", asks=asks),
        "contradictions": list(options["contradiction"]) or _several("False version", asks=asks),
    }
    return validate(FactEntry, values, (), OptionPlaces())


def changes(folder: Folder, options: FactOptions, *, asks: bool) -> dict[str, object]:
    """The options of ``edit`` as new values; None for a key that an empty text takes away."""
    values: dict[str, object] = {}
    for option, value in options.items():
        if isinstance(value, tuple) and value:
            values[KEY_OF.get(option, option)] = [text.strip() for text in value if text.strip()] or None
        elif isinstance(value, str):
            values[option] = value.strip() or None
    if passage := values.get("evidence"):
        values["evidence"] = _in_article(str(passage), folder.require_article(), asks=asks)
    return values


def edited(folder: Folder, name: str, *, asks: bool) -> bool:
    """Whether a person changed a fact in the editor. What is no valid fact goes back to the editor, or is an error.

    UsageError where nobody is there to use an editor.
    """
    before = facts_edit.source(folder.facts_path, name)
    if not (sys.stdin.isatty() or os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        options = ", ".join(f"--{option}" for option in FactOptions.__annotations__)
        raise UsageError(f"without a terminal nobody can use an editor; say what changes, by one or more of {options}")
    text = before
    while True:
        after = click.edit(text, extension=".yaml")
        if after is None or after == before:
            return False
        try:
            facts_edit.rewrite(folder.facts_path, name, before, after, folder.require_article())
        except HarnessError as error:
            if not asks:
                raise
            echo(f"harness: {error}", err=True)
            click.confirm("Edit it again?", default=True, abort=True, err=True)
            text = after
        else:
            return True


def _required(key: Literal["statement", "evidence"], options: FactOptions, *, asks: bool) -> str:
    if not options[key] and not asks:
        raise UsageError(f"--{key} is missing; without a terminal --statement and --evidence must be given")
    value: str = options[key] or click.prompt(key.capitalize())
    return value.strip()


def _show_near(folder: Folder, statement: str, *, asks: bool) -> None:
    near = similar(statement, folder.facts.facts)
    for fact, _ in near:
        if canonical(fact.statement) == canonical(statement):
            message = f"{fact.id!r} says the same already; edit that fact, or state another"
            raise key_error(OptionPlaces(), ("statement",), message)
        echo(f"near: {plain(fact.id)}: {plain(fact.statement)}", err=True)
    if near and asks:
        click.confirm("Add it all the same?", default=True, abort=True, err=True)


def _in_article(passage: str, article: Article, *, asks: bool) -> str:
    """The passage, or the one nearest to it that a person takes instead."""
    while evidence.locate(passage, article.text) is None:
        message = not_in_article(passage, article)
        if not asks:
            raise key_error(OptionPlaces(), ("evidence",), message)
        near = evidence.nearest(passage, article.text)
        echo("That is not in the article." if near else message, err=True)
        if near and click.confirm(
            f"The nearest passage is:\n  {visible(near.text)}\nUse this instead?", default=True, err=True
        ):
            return near.text
        passage = click.prompt("Evidence").strip()
    return passage


def _name(statement: str, folder: Folder, *, asks: bool) -> str:
    """An id for the fact, made from its statement; or another one that a person gives it."""

    def checked(answer: str) -> str:
        if answer in folder.facts.places:
            raise click.UsageError(f"{answer!r} is already there")
        try:
            return one_word(answer)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

    suggested = fact_id(statement, folder.facts.places)
    name: str = click.prompt("Name", default=suggested, value_proc=checked) if asks else suggested
    return name


def _choice(question: str, choices: click.Choice[str], default: str, *, asks: bool) -> str:
    answer: str = click.prompt(question, type=choices, default=default) if asks else default
    return answer


def _several(question: str, *, asks: bool) -> list[str]:
    answers: list[str] = []
    while asks:
        answer = click.prompt(f"{question} {len(answers) + 1} (empty: no more)", default="", show_default=False).strip()
        if not answer:
            break
        answers.append(answer)
    return answers
