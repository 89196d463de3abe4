"""Messages for a model that cannot be loaded: what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version

from harness.weights.source import Head, ModelSource, packaged

_CALLED: dict[Head, str] = {
    "causal": "a causal language model (one that continues a text)",
    "seq2seq": "a sequence-to-sequence model (one that reads a text and writes another)",
    "classifier": "a classifier of texts",
    "encoder": "an encoder",
}
"""Head → what a model that does it is called."""

_KIND: dict[Head, str] = {"causal": "hf_causal", "seq2seq": "hf_seq2seq"}
"""Head → the kind of summariser that loads it."""

_NO_ARCHITECTURE = re.compile(r"model type `([^`]+)` but Transformers does not recognize")


class UnfitError(Exception):
    """The model was made for something else."""


class TokenizerError(Exception):
    """The model has no tokenizer that can be loaded."""


def said(source: ModelSource, error: Exception, head: Head) -> str:
    """What went wrong when a model was loaded to do what ``head`` says, and what to do about it."""
    text, first = str(error), _reason(error)
    if unknown := _NO_ARCHITECTURE.search(text):
        return (
            f"{source.name} is of the architecture {unknown[1]}, which transformers {version('transformers')} does not "
            f"know; install a newer one, or take another model"
        )
    if "trust_remote_code" in text:
        return (
            f"{source.name} needs code that comes with it, which is run only where trust_remote_code: true stands "
            f"beside model; read that code first, or take a model of an architecture that transformers has"
        )
    if isinstance(error, UnfitError) or "Unrecognized configuration class" in text:
        others = [kind for other, kind in _KIND.items() if other != head and head in _KIND]
        hint = "".join(f", or set kind: {kind}" for kind in others)
        return f"{source.name} is not {_CALLED[head]}; take one that is{hint}"
    if isinstance(error, ImportError):
        return f"{source.name} needs a package that is not installed ({first})"
    if source.kind == "hub":
        return _unfetched(source, error, first, head)
    if isinstance(error, TokenizerError):
        return f"the tokenizer of {source.name} cannot be loaded ({first}); save it there with the model"
    return f"{source.name} cannot be loaded ({first}); see whether its files are whole"


def _reason(error: Exception) -> str:
    """An error's message on one line."""
    if "ignore_mismatched_sizes" in str(error):
        return "its weights have other sizes than its config.json says"
    cause = error.__cause__ if isinstance(error, TokenizerError) and error.__cause__ else error
    first = str(cause).strip().partition("\n")[0]
    return first if " " in first else f"{type(cause).__name__} {first}".strip()


def _unfetched(source: ModelSource, error: Exception, first: str, head: Head) -> str:
    """The message for a hub model that could not be fetched."""
    from huggingface_hub import errors

    causes = list(_causes(error))

    def is_(*kinds: type[Exception]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_(errors.GatedRepoError):
        return (
            f"{source.name} is gated, and this machine has no access to it: ask for it on the model's page, then "
            f"log in (hf auth login) or set HF_TOKEN in the environment"
        )
    if is_(errors.RevisionNotFoundError):
        return f"{source.name} has no such revision; name a branch, a tag or a commit of it"
    if is_(errors.RepositoryNotFoundError):
        return f"the hub knows no {source.name}, or shows it to its owners alone; check the name, and HF_TOKEN"
    if isinstance(error, TokenizerError):
        return f"the tokenizer of {source.name} cannot be loaded ({first}); take a model that has one"
    others = "".join(f", or the packaged {name}" for name in packaged(head))
    return (
        f"{source.name} can neither be fetched from the hub nor found in its local cache ({first}); "
        f"connect to the hub once, or take a folder (write ./{source.name} where that is one){others}"
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
