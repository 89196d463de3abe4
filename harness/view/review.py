"""Suggested facts one at a time: accept or drop each with one key, or edit the statement first.

The page works with plain HTML forms. ``static/keys.js`` adds keys for the buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.data.articles import Folder
from harness.data.facts import checks
from harness.errors import HarnessError, UsageError
from harness.records import Fact, FactKind, Importance
from harness.view.context import get_context, link, parse_count, read_field, render, render_waiting_page
from harness.view.fact_form import (
    FactForm,
    file_version,
    mark_article,
    read_form,
    remove_fact,
    save_fact,
    undo_edit,
)


def show_suggestion(request: Request) -> Response:
    """Show the next unreviewed fact."""
    return render_waiting_page(request, get_context(request).run_index.read_articles) or _render_suggestion(request)


def settle_suggestion(request: Request) -> Response:
    """Accept or drop the suggestion, or undo the last answer; then show the next suggestion."""
    context, do, fact = get_context(request), read_field(request, "do"), read_field(request, "fact")
    folder = context.run_index.find_article(read_field(request, "article"))
    version = read_field(request, "version")
    try:
        if do == "accept":
            form = _apply_edits(request, read_form(folder.facts_path, fact))
            save_fact(context, folder, form, version, fact)
        elif do == "drop":
            remove_fact(context, folder, fact, version)
        elif do == "undo":
            undo_edit(context, folder.facts_path)
        else:
            raise UsageError(f"unknown action {do[:20]!r}; press one of the buttons on the page")
    except HarnessError as error:
        return _render_suggestion(request, refused=str(error).splitlines())
    return RedirectResponse(_address(request, _skip(request)), 303)


def _list_unreviewed(request: Request) -> list[tuple[Folder, Fact]]:
    """List the unreviewed facts of all articles, or of the one in the address."""
    only = request.query_params.get("only", "")
    return [
        (folder, fact)
        for folder in get_context(request).run_index.read_articles()
        if folder.article and only in ("", folder.path.name)
        for fact in folder.facts.facts
        if fact.unreviewed
    ]


def _skip(request: Request) -> int:
    return parse_count(request.query_params.get("skip", ""))


def _address(request: Request, skip: int) -> str:
    return link("review", only=request.query_params.get("only"), skip=skip)


def _apply_edits(request: Request, form: FactForm) -> FactForm:
    return replace(form, **{key: read_field(request, key) for key in ("statement", "importance", "kind")})


def _render_suggestion(request: Request, refused: Sequence[str] = ()) -> Response:
    """Render the page. If nothing could be written, it has status 409, the reasons and the submitted values."""
    waiting, edits = _list_unreviewed(request), get_context(request).edits
    values = {
        "here": _address(request, _skip(request)),
        "last": edits[-1] if edits else None,
        "only": request.query_params.get("only", ""),
        "refused": refused,
        "waiting": len(waiting),
    }
    status = 409 if refused else 200
    if not waiting:
        return render(request, "review.html.j2", status, fact=None, **values)
    folder, fact = waiting[_skip(request) % len(waiting)]
    article, form = folder.require_article(), read_form(folder.facts_path, fact.id)
    if refused and read_field(request, "fact") == fact.id:
        form = _apply_edits(request, form)
    others = [each for each in folder.facts.facts if each.id != fact.id]
    return render(
        request,
        "review.html.j2",
        status,
        article=article,
        fact=fact,
        folder=folder,
        form=form,
        importances=get_args(Importance),
        kinds=get_args(FactKind),
        next=_address(request, _skip(request) + 1),
        paragraphs=list(mark_article(article, (), fact.evidence)),
        remarks=[each for each in checks.check(form.draft, article, others) if each.key == "statement"],
        version=file_version(folder.facts_path),
        **values,
    )
