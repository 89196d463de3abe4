"""Suggested facts, one at a time: accept it, as it is or as it was mended, or drop it, each by one key.

Everything works by forms; ``static/keys.js`` only presses their buttons for keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from harness.data.articles import Folder
from harness.data.facts import checks as fact_checks
from harness.data.facts import edit as facts_edit
from harness.data.facts.edit import FactChangedError
from harness.errors import HarnessError, UsageError
from harness.records import Article, Fact, FactKind, Importance
from harness.view.article_text import marked
from harness.view.context import Context, Reviewed, context
from harness.view.fact_editor import Form
from harness.view.page import count, not_yet, page, sent
from harness.view.run_index import NotThereError


@dataclass(frozen=True, slots=True)
class Suggested:
    """A fact that nobody has reviewed, with its article."""

    folder: Folder
    article: Article
    fact: Fact


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The suggestions of all articles or of one, and how many of them are passed by for now."""

    only: str = ""
    """The article whose suggestions are asked for; empty for all."""
    at: int = 0

    @classmethod
    def of(cls, request: Request) -> ReviewQueue:
        """What the address asks for."""
        return cls(request.query_params.get("only", ""), count(request.query_params.get("at", "")))

    def address(self, at: int) -> str:
        """The page with so many passed by."""
        return f"/review?{urlencode({'only': self.only, 'at': at}, errors='replace')}"

    def waiting(self, context: Context) -> list[Suggested]:
        """What waits, in the order of the articles and of their files."""
        return [
            Suggested(folder, folder.article, fact)
            for folder in context.run_index.all_articles()
            if folder.article and self.only in ("", folder.path.name)
            for fact in folder.facts.facts
            if fact.unreviewed
        ]


def next_suggestion(request: Request) -> Response:
    """The next suggestion that waits."""
    return not_yet(request, context(request).run_index.all_articles) or _shown(request)


def answer(request: Request) -> Response:
    """Accept or drop the suggestion that was shown, or take the last answer back; then go on."""
    queue, do, fact = ReviewQueue.of(request), sent(request, "do"), sent(request, "fact")
    folder = context(request).run_index.article(sent(request, "article"))
    if do not in ("accept", "drop", "undo"):
        raise UsageError(f"{do[:20]!r} is no action of this page; press one of the buttons")
    try:
        at = _take_back(request, folder, fact) if do == "undo" else _settle(request, folder, fact, do)
    except FactChangedError as error:
        return _shown(request, refused=str(error).splitlines())
    except HarnessError as error:
        return _shown(request, refused=str(error).splitlines(), typed=do == "accept")
    return RedirectResponse(queue.address(at), 303)


def _settle(request: Request, folder: Folder, fact: str, do: str) -> int:
    """Write what was decided; gives where to go on."""
    path, version, removed = folder.facts_path, sent(request, "version"), None
    if do == "drop":
        removed = facts_edit.remove(path, [fact], {fact: version})
    else:
        entry = _typed(request, Form.of(facts_edit.opened(path, fact).entry)).entry({})
        facts_edit.replace(path, fact, entry, version, folder.require_article())
    context(request).reviewed.append(Reviewed(folder.path.name, fact, sent(request, "statement"), removed))
    return ReviewQueue.of(request).at


def _take_back(request: Request, folder: Folder, fact: str) -> int:
    """Put the last fact that was settled back into the queue; gives its place there."""
    done = context(request).reviewed
    last = next((each for each in reversed(done) if (each.article, each.fact) == (folder.path.name, fact)), None)
    if last is None:
        raise NotThereError(f"{fact!r} is back already, or was reviewed before harness view was started")
    if last.removed:
        facts_edit.undo(folder.facts_path, last.removed, folder.require_article())
    else:
        facts_edit.edit(folder.facts_path, fact, {"unreviewed": True}, folder.require_article())
    done.remove(last)
    waiting = ReviewQueue.of(request).waiting(context(request))
    places = [at for at, each in enumerate(waiting) if (each.folder.path, each.fact.id) == (folder.path, fact)]
    return places[0] if places else 0


def _typed(request: Request, form: Form) -> Form:
    """The form of a suggestion as it was mended."""
    given = {key: sent(request, key) for key in ("statement", "importance", "kind")}
    return replace(form, **given)


def _shown(request: Request, refused: Sequence[str] = (), typed: bool = False) -> Response:
    """The page: 409 where something could not be written, for the reasons in ``refused``; as it was ``typed`` then."""
    queue, done = ReviewQueue.of(request), context(request).reviewed
    waiting = queue.waiting(context(request))
    values = {"queue": queue, "waiting": len(waiting), "done": len(done), "last": done[-1] if done else None}
    if not waiting:
        return page(request, "review.html.j2", suggested=None, refused=refused, **values)
    suggested = waiting[queue.at % len(waiting)]
    entry, version = facts_edit.opened(suggested.folder.facts_path, suggested.fact.id)
    form = _typed(request, Form.of(entry)) if typed else Form.of(entry)
    others = [fact for fact in suggested.folder.facts.facts if fact.id != suggested.fact.id]
    return page(
        request,
        "review.html.j2",
        409 if refused else 200,
        suggested=suggested,
        form=form,
        version=version,
        refused=refused,
        remarks=[each for each in fact_checks.check(form.draft, suggested.article, others) if each.key == "statement"],
        paragraphs=list(marked(suggested.article, (), suggested.fact.evidence)),
        importances=get_args(Importance),
        kinds=get_args(FactKind),
        **values,
    )
