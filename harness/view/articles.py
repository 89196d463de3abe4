"""The list of articles, an article's page with the form for a fact, and Review: suggested facts, one at a time.

The pages work with plain HTML forms. With ``static/facts.js``, you can also select evidence with the mouse, and harness
checks the form while you type. ``static/keys.js`` adds keys for the buttons of Review.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, get_args

import numpy as np
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.config import load_verifier
from harness.data import lint
from harness.data.articles import Folder
from harness.data.facts import FactEntry
from harness.data.facts.file import make_fact
from harness.data.facts.wording import find_passage
from harness.errors import DataError, HarnessError
from harness.records import Article, Fact, FactKind, Importance, Item
from harness.suggest import Suggestion, suggest_facts, suggest_versions
from harness.suggest.facts import explain_nothing
from harness.text import paragraphs, words
from harness.view.context import ListPage, get_context, link, parse_count, read_field, render
from harness.view.fact_form import FactForm, hash_file, mark_article, read_form, remove_fact, save_fact, undo_edit

ARTICLES_PER_PAGE = 100
_SUGGESTIONS = 12


def list_articles(request: Request) -> Response:
    """Show all articles, or those of a run, sorted by name."""
    run_index, run = get_context(request).run_index, request.query_params.get("run", "")
    names = run_index.find_run(run).manifest.articles if run else None
    paths = [path for path in run_index.list_articles() if names is None or path.name in names]
    page = ListPage.of(request, len(paths), ARTICLES_PER_PAGE)
    return render(
        request,
        "articles.html.j2",
        articles=[run_index.read_article(path) for path in paths[page.rows]],
        count=len(paths),
        folders=run_index.list_folders(),
        page=page,
        run=run,
        words=words,
    )


@dataclass(frozen=True, slots=True)
class ArticleEditor:
    """An article with the form as typed, and the messages and suggestions to show with the form."""

    folder: Folder
    article: Article
    form: FactForm
    fact: str = ""
    """Id of the fact in the form; empty for a new one."""
    refused: Sequence[str] = ()
    """Why nothing was written."""
    versions: Sequence[str] | None = None
    """Suggested false versions of the fact; None if the user did not ask for any."""
    suggested: Sequence[Suggestion] | None = None
    """Suggested facts; None if the user did not ask for any."""
    problem: str = ""
    """Why there are no suggestions."""

    @property
    def other_facts(self) -> list[Fact]:
        """The article's facts, except the one in the form."""
        return [fact for fact in self.folder.facts.facts if fact.id != self.fact]


def show_article(request: Request) -> Response:
    """Show an article and the form, filled in with the fact in the path or with the suggestion in the query."""
    (folder, article), fact = _read_article(request), request.path_params.get("fact", "")
    form = read_form(folder.facts_path, fact) if fact else FactForm.parse(dict(request.query_params), article)
    editor = ArticleEditor(folder, article, form, fact)
    if "suggest" in request.query_params:
        item = Item(article, folder.references, folder.facts.facts)
        try:
            found = suggest_facts(item, load_verifier("lexical").verify, _SUGGESTIONS)
            editor = replace(editor, suggested=found, problem=f"Nothing to suggest: {explain_nothing(article)}.")
        except HarnessError as error:
            editor = replace(editor, suggested=(), problem=str(error))
    return _render_editor(request, editor)


def submit_fact(request: Request) -> Response:
    """Save or remove a fact, undo the last change, or copy a passage or a false version into the form."""
    (folder, article), do = _read_article(request), read_field(request, "do")
    form = FactForm.parse(request.state.form, article)
    editor = ArticleEditor(folder, article, form, read_field(request, "fact"))
    if do in ("save", "remove", "undo"):
        try:
            return _write(request, editor, do)
        except HarnessError as error:
            return _render_editor(request, replace(editor, refused=str(error).splitlines()))
    start, _, end = read_field(request, "mark").partition("-")
    if passage := article.text[parse_count(start) : parse_count(end)]:
        form = replace(form, evidence=passage)
    if added := read_field(request, "add"):
        form = replace(form, contradictions=f"{form.contradictions.strip()}\n{added}".strip())
    editor = replace(editor, form=form)
    if added or do == "versions":
        try:
            offered = suggest_versions(
                make_fact(form.draft, article), article, editor.other_facts, np.random.default_rng(0)
            )
            editor = replace(editor, versions=[each.text for each in offered])
        except HarnessError as error:
            editor = replace(editor, versions=(), problem=str(error))
    return _render_editor(request, editor)


def _write(request: Request, editor: ArticleEditor, do: str) -> Response:
    context, folder, version = get_context(request), editor.folder, read_field(request, "version")
    if do == "save":
        save_fact(context, folder, editor.form, version, editor.fact)
    elif do == "remove":
        remove_fact(context, folder, editor.fact, version)
    else:
        undo_edit(context, folder.facts_path, version)
    return RedirectResponse(link("articles", folder.path.name), 303)


def _read_article(request: Request) -> tuple[Folder, Article]:
    """Return the article in the request's path and its folder. Raises DataError if the article cannot be read."""
    folder = get_context(request).run_index.find_article(request.path_params["article"])
    if folder.article is None:
        raise DataError.of(folder.problems)
    return folder, folder.article


class FactRow(NamedTuple):
    fact: Fact
    paragraph: int | None
    """The paragraph with the evidence, counted from 1."""
    remarks: Sequence[lint.Issue]
    """Errors and warnings."""


def _render_editor(request: Request, editor: ArticleEditor) -> Response:
    """Render the page, with status 409 if something could not be written."""
    context, folder, article = get_context(request), editor.folder, editor.article
    # only a GET shows the notice about stale runs; most POST requests come from facts.js, which ignores it
    runs = context.run_index.find_runs_with(article.id) if request.method == "GET" else []
    faults = map(str, (*folder.problems, *folder.facts.problems))
    has_input = bool(editor.form.statement or editor.fact or editor.refused)
    remarks = lint.check_draft(editor.form.draft, article, editor.other_facts) if has_input else []
    chosen = find_passage(editor.form.evidence.strip(), article.text)
    return render(
        request,
        "article_editor.html.j2",
        409 if editor.refused else 200,
        article=article,
        editor=editor,
        faults=[fault for fault in dict.fromkeys(faults) if fault not in editor.refused],
        folder=folder,
        importances=get_args(Importance),
        kinds=get_args(FactKind),
        paragraphs=list(mark_article(article, editor.other_facts, chosen)),
        remarks={key: [remark for remark in remarks if remark.key == key] for key in asdict(editor.form)},
        rows=list(_list_facts(editor)),
        last_edit=next((edit for edit in reversed(context.edits) if edit.path == folder.facts_path), None),
        version=hash_file(folder.facts_path),
        **context.find_stale(runs),
    )


def _list_facts(editor: ArticleEditor) -> Iterator[FactRow]:
    """Yield the facts in the order of the file."""
    article, facts = editor.article, editor.folder.facts.facts
    starts = [paragraph.start for paragraph in paragraphs(article.text)]
    for fact in facts:
        remarks = lint.check_draft(FactEntry.of(fact), article, [other for other in facts if other is not fact])
        paragraph = sum(start <= fact.evidence.start for start in starts) if fact.evidence else None
        yield FactRow(fact, paragraph, [remark for remark in remarks if remark.severity != "note"])


# Review ---------------------------------------------------------------------------------------------------------------


def submit_review(request: Request) -> Response:
    """Accept or drop a suggested fact, or undo the last answer; then show the next suggestion."""
    context, do, fact = get_context(request), read_field(request, "do"), read_field(request, "fact")
    folder = context.run_index.find_article(read_field(request, "article"))
    version = read_field(request, "version")
    try:
        if do == "accept":
            save_fact(context, folder, _apply_edits(request, read_form(folder.facts_path, fact)), version, fact)
        elif do == "drop":
            remove_fact(context, folder, fact, version)
        else:
            undo_edit(context, folder.facts_path, version)
    except HarnessError as error:
        return show_suggestion(request, refused=str(error).splitlines())
    return RedirectResponse(_make_review_address(request, parse_count(request.query_params.get("skip", ""))), 303)


def _make_review_address(request: Request, skip: int) -> str:
    return link("review", only=request.query_params.get("only"), skip=skip)


def _apply_edits(request: Request, form: FactForm) -> FactForm:
    return replace(form, **{key: read_field(request, key) for key in ("statement", "importance", "kind")})


def show_suggestion(request: Request, refused: Sequence[str] = ()) -> Response:
    """Show the next unreviewed fact. If the last answer was ``refused``, show the reasons and the submitted values."""
    context, only = get_context(request), request.query_params.get("only", "")
    skip = parse_count(request.query_params.get("skip", ""))  # suggestions to skip at the front of the queue
    waiting = [
        (folder, fact)
        for folder in context.run_index.read_articles()
        if folder.article and only in ("", folder.path.name)
        for fact in folder.facts.facts
        if fact.unreviewed
    ]
    values: dict[str, Any] = {
        "fact": None,
        "here": _make_review_address(request, skip),
        "last": context.edits[-1] if context.edits else None,
        "only": only,
        "refused": refused,
        "waiting": len(waiting),
    }
    if waiting:
        folder, fact = waiting[skip % len(waiting)]
        article, form = folder.require_article(), read_form(folder.facts_path, fact.id)
        if refused and read_field(request, "fact") == fact.id:
            form = _apply_edits(request, form)
        others = [each for each in folder.facts.facts if each.id != fact.id]
        values |= {
            "article": article,
            "fact": fact,
            "folder": folder,
            "form": form,
            "importances": get_args(Importance),
            "kinds": get_args(FactKind),
            "next": _make_review_address(request, skip + 1),
            "paragraphs": list(mark_article(article, (), fact.evidence)),
            "remarks": [each for each in lint.check_draft(form.draft, article, others) if each.key == "statement"],
            "version": hash_file(folder.facts_path),
        }
    return render(request, "review.html.j2", 409 if refused else 200, **values)
