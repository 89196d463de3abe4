"""The facts of an article, with the article beside them: see, add, edit and remove them.

Everything works by forms; ``static/facts.js`` checks while one types, and takes over what needs no new page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from harness.data.articles import Folder
from harness.data.facts import edit as facts_edit
from harness.data.facts.checks import Remark
from harness.data.facts.edit import FactChangedError
from harness.document import format as fmt
from harness.document.plain import visible
from harness.errors import DataError, HarnessError
from harness.view import fact_offers
from harness.view.article_text import marked
from harness.view.context import context
from harness.view.fact_editor import Conflict, FactEditor, Form, as_written
from harness.view.open_run import NONE, fact_rows, open_run, runs_with
from harness.view.page import link, page, sent
from harness.view.rescoring import Scoring
from harness.view.run_index import NotThereError, OpenedRun


def listed(request: Request) -> Response:
    """The facts, and the form of a new one: empty, or as the link of a suggestion fills it in."""
    given = request.query_params
    editor = FactEditor(_folder(request), Form.typed(lambda name: given.get(name, "")))
    suggested = fact_offers.facts(editor.folder) if "suggest" in given else None
    return _shown(request, editor, remarks=editor.remarks() if editor.form.statement else (), suggested=suggested)


def opened(request: Request) -> Response:
    """The form of a fact."""
    folder, name = _folder(request), request.path_params["fact"]
    entry, version = facts_edit.opened(folder.facts_path, name)
    editor = FactEditor(folder, Form.of(entry), name, version)
    return _shown(request, editor, remarks=editor.remarks())


def sent_form(request: Request) -> Response:
    """A form with what its button does: save it, check it, take a passage or a false version into it."""
    editor = _sent(request)
    if sent(request, "do") == "save":
        return _saved(request, editor)
    passage, version = editor.passage(sent(request, "mark")), sent(request, "add")
    if passage:
        editor = replace(editor, form=replace(editor.form, evidence=passage))
    if version:
        editor = replace(editor, form=editor.form.with_contradiction(version))
    versions = fact_offers.versions(editor) if version or sent(request, "do") == "versions" else None
    return _shown(request, editor, remarks=editor.remarks(), versions=versions)


def checked(request: Request) -> Response:
    """What is to be said of a form, for the script that asks while somebody types."""
    try:
        editor = _sent(request)
        versions = fact_offers.versions(editor) if sent(request, "do") == "versions" else None
        checked_fact = {"name": editor.name, "remarks": [_visible_remark(remark) for remark in editor.remarks()]}
        return JSONResponse({**checked_fact, "versions": asdict(versions) if versions else None})
    except HarnessError as error:
        return JSONResponse({"problems": str(error).splitlines()}, 409)


def _visible_remark(remark: Remark) -> dict[str, object]:
    """A remark whose words can be shown; its passage is taken into the form, and so stays as it is."""
    return {**asdict(remark), "message": visible(remark.message), "remedy": visible(remark.remedy)}


def to_remove(request: Request) -> Response:
    """Whether a fact is to be removed."""
    folder, name = _folder(request), request.path_params["fact"]
    entry, version = facts_edit.opened(folder.facts_path, name)
    values = {"article": folder.article, "entry": entry, "version": version, "file": folder.facts.file}
    return page(request, "fact_remove.html.j2", **values, run=open_run(request, folder))


def removed(request: Request) -> Response:
    """Remove a fact, if it is still the one that was shown."""
    folder, name = _folder(request), request.path_params["fact"]
    taken = facts_edit.remove(folder.facts_path, [name], {name: sent(request, "version")})
    context(request).removed[folder.facts_path, name] = taken
    return _scored_again(request, folder, name, "removed")


def undone(request: Request) -> Response:
    """Put back a fact that was removed since the start."""
    folder, name = _folder(request), request.path_params["fact"]
    taken = context(request).removed.get((folder.facts_path, name))
    if taken is None:
        raise NotThereError(f"{name!r} was put back already, or was removed before harness view was started")
    assert folder.article is not None  # noqa: S101  # said by _folder
    facts_edit.undo(folder.facts_path, taken, folder.article)
    context(request).removed.pop((folder.facts_path, name), None)  # from here on: what was refused can be tried again
    return _scored_again(request, folder, name, "saved")


def scoring(request: Request) -> Response:
    """How far the scoring of a run has come, for the script that waits for it."""
    job = context(request).rescoring.of(request.query_params.get("run", ""))
    if job is None:
        return JSONResponse({"ended": True})
    return JSONResponse({"ended": job.ended, "state": job.state, "done": job.done, "total": job.total})


def _folder(request: Request) -> Folder:
    """The article that the address names; DataError where it cannot be read."""
    folder = context(request).run_index.article(request.path_params["article"])
    if folder.article is None:
        raise DataError.of(folder.problems)
    return folder


def _sent(request: Request) -> FactEditor:
    form = Form.typed(lambda name: sent(request, name))
    editor = FactEditor(_folder(request), form, sent(request, "fact"), sent(request, "version"))
    return replace(editor, form=replace(form, evidence=as_written(form.evidence, editor.article.text)))


def _saved(request: Request, editor: FactEditor) -> Response:
    """Write the fact and score the run again; the form again, with what is wrong, where it cannot be written."""
    path = editor.folder.facts_path
    try:
        entry = editor.form.entry(editor.folder.facts.places)
        if editor.fact:
            facts_edit.replace(path, editor.fact, entry, editor.version, editor.article)
        else:
            facts_edit.add(path, [entry], editor.article)
    except FactChangedError as error:
        return _shown(request, editor, remarks=editor.remarks(), conflict=Conflict.of(editor, error))
    except HarnessError as error:
        return _shown(request, editor, remarks=editor.remarks(), refused=str(error).splitlines())
    return _scored_again(request, editor.folder, entry.id, "saved")


def _scored_again(request: Request, folder: Folder, fact: str, done: str) -> Response:
    """To the list of facts, while the open run is scored again in the background."""
    run, article = open_run(request, folder), folder.path.name
    if run:
        context(request).rescoring.score(context(request).run_index.run(run).path, article, fact)
    query = urlencode({"run": run or NONE, done: fact}, errors="replace")
    return RedirectResponse(f"{link('articles', article, 'facts')}?{query}", 303)


def _shown(
    request: Request,
    editor: FactEditor,
    remarks: Sequence[Remark] = (),
    refused: Sequence[str] = (),
    conflict: Conflict | None = None,
    **offered: fact_offers.Offers | None,
) -> Response:
    """The page: 409 where something could not be written, for the reasons in ``refused``."""
    run = open_run(request, editor.folder)
    opened_run, unread = _opened(request, run)
    folder = editor.folder
    removed = request.query_params.get("removed", "")
    faults = [*map(str, (*folder.problems, *folder.facts.problems)), *unread]
    return page(
        request,
        "facts.html.j2",
        409 if refused or conflict else 200,
        editor=editor,
        article=editor.article,
        paragraphs=list(marked(editor.article, editor.others, editor.chosen)),
        lines=list(fact_rows(folder, opened_run)),
        faults=[fault for fault in dict.fromkeys(faults) if fault not in refused],
        field_remarks={key: [remark for remark in remarks if remark.key == key] for key in Form.__dataclass_fields__},
        refused=refused,
        conflict=conflict,
        run=run,
        runs=runs_with(request, folder),
        job=_job(request, run),
        saved=request.query_params.get("saved", ""),
        removed=removed,
        undoable=(folder.facts_path, removed) in context(request).removed,
        form=fmt.value,
        offered={"suggested": None, "versions": None, **offered},
    )


def _job(request: Request, run: str) -> Scoring | None:
    """The scoring of the open run after one of its facts was changed here."""
    job = context(request).rescoring.of(run) if run else None
    return job if job and job.fact else None


def _opened(request: Request, run: str) -> tuple[OpenedRun | None, list[str]]:
    """The open run; and why it cannot be read, where it cannot."""
    if not run:
        return None, []
    try:
        return context(request).run_index.opened(run), []
    except HarnessError as error:
        return None, str(error).splitlines()
