"""The base of all plugins that ask a server: its options, and how to ask many questions at once."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, model_validator

from harness.errors import KEYS, HarnessError, ModelError, strip_ids
from harness.records import Message
from harness.seams import Plugin, allowed_variables
from harness.servers.answers import ChatCompletion, Failed, NoAnswer, Refused, one_line
from harness.servers.client import Connection, run_in_background
from harness.signature import digest

OPENAI = "https://api.openai.com/v1"
MAX_TOKENS = 1_000_000
"""Maximum value for an answer's token limit."""
_VERSION = re.compile(r"|-\d{3}[\d.-]*|[@:].+")
"""Suffixes that a server may add to a model's name: a date or number, a revision, a tag."""
_KEY_VARIABLE = re.compile(
    r"(?!.*(SECRET|PRIVATE|ACCESS|SESSION|SIGNING|ENCRYPTION|DEPLOY|MASTER|SSH|GPG|AWS))"
    r"((\w+_)?API_(KEY|TOKEN)|HF_TOKEN|HARNESS_\w+|\w+_KEY)"
)
"""Matches variables that hold keys of servers, not keys for other purposes."""
_SECRET = re.compile(
    r"key|token|(.*[_-])?(api[_-]?key|access[_-]?key|(api|auth|access|bearer)[_-]?token|password|secret|authorization)",
    re.IGNORECASE,
)
"""Matches names of options that hold secrets."""
_announced: set[str] = set()
"""Addresses already printed on standard error."""
T = TypeVar("T")
R = TypeVar("R")


class AsksServer(Plugin):
    """A plugin that asks a server."""

    unsigned: ClassVar[frozenset[str]] = frozenset(
        {"model", "base_url", "served_as", "api_key_env", "concurrency", "retries", "timeout"}
    )

    model: str = Field(min_length=1)
    """The server's name for the model; prefer a name with a date, which always means the same model."""
    base_url: str = OPENAI
    """The server's address, such as http://localhost:8000/v1."""
    served_as: str | None = None
    """The model's name in the server's answers, if it differs from ``model``."""
    api_key_env: str = "OPENAI_API_KEY"
    """The environment variable that holds the key, if the server needs one. Keys do not belong in a config."""
    concurrency: int = Field(4, ge=1, le=256)
    """Number of concurrent requests."""
    retries: int = Field(3, ge=0, le=20)
    """Number of retries after 408, 409, 429, 5xx and broken connections, each after the pause that the server asks
    for. harness does not wait longer than two minutes."""
    timeout: float = Field(120.0, gt=0)
    """Maximum seconds for one try; raise it for a slow server."""

    _refusals: Counter[str] = PrivateAttr(default_factory=Counter)
    """Group of fields → number of its forms that the server refused."""
    _failures: list[str] = PrivateAttr(default_factory=list)
    """The failures since the last success or failure of another kind."""

    @property
    def answer_tokens(self) -> int:
        """Token limit of an answer, which also sets the limit on the answer's size."""
        return 1000

    @property
    def url(self) -> str:
        return self.base_url.rstrip("/")

    @property
    def key(self) -> str | None:
        """The API key from the environment, stripped of white space, or None if it is not set."""
        return os.environ.get(self.api_key_env, "").strip() or None

    @model_validator(mode="before")
    @classmethod
    def _check_address(cls, options: Any) -> Any:
        """Refuse an invalid address, and a key in a config, without repeating the key."""
        variable = options.get("api_key_env", "OPENAI_API_KEY") if isinstance(options, dict) else None
        if not isinstance(variable, str):  # pydantic refuses it
            return options
        secret = next(_find_secrets(options), None)
        if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", variable):
            variable, secret = "OPENAI_API_KEY", secret or "api_key_env"
        if secret is not None:
            raise ValueError(
                f"{secret} seems to contain an API key, which does not belong in a config; put it in an "
                f"environment variable, and write the variable's name here: api_key_env: {variable}"
            )
        if not _KEY_VARIABLE.fullmatch(variable) and variable not in allowed_variables():
            raise ValueError(
                f"api_key_env is {variable}, and its value would be sent to the server; name a variable that ends in "
                f"_API_KEY, or allow this one: HARNESS_ALLOW_ENV={variable}"
            )
        if isinstance(url := options.get("base_url"), str):
            _check_url(url)
        return options

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        yield from super().reaches(options)
        url = options.get("base_url", cls.model_fields["base_url"].default)
        yield f"sends texts to the server {url}, with the key that the environment holds for it"

    def depends(self) -> Mapping[str, str]:
        # two servers may run different weights under one name
        return {"model": get_signed_name(self.model), "server": self.url}

    def announce(self) -> None:
        """Print the server's name on standard error once, unless it is this machine or OpenAI."""
        host = urlsplit(self.url).hostname or ""
        if self.url in (*_announced, OPENAI) or host == "localhost":
            return
        with suppress(ValueError):  # the host is a name
            if ipaddress.ip_address(host).is_loopback:
                return
        _announced.add(self.url)
        key = f", with the key in {self.api_key_env}" if self.key else ""
        sys.stderr.write(f"harness: asking {one_line(host)} ({one_line(self.url)}){key}\n")

    def ask_each(
        self,
        ask: Callable[[Connection, T], Awaitable[R]],
        requests: Sequence[T],
        begin: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> Iterator[tuple[int, R | NoAnswer]]:
        """Yield each request's index and answer, or the reason why it has none, as they arrive.

        ``begin`` runs first. A ModelError ends everything.
        """
        self._require_key()
        if not requests:
            return iter(())
        self.announce()

        async def work(deliver: Callable[[tuple[int, R | NoAnswer]], None]) -> None:
            async with aclosing(Connection(self)) as connection:
                if begin is not None:
                    await begin(connection)
                slots = asyncio.Semaphore(self.concurrency)

                async def ask_one(place: int, request: T) -> None:
                    async with slots:
                        answer = await _answer(ask, connection, request)
                        deliver((place, answer))
                        self._count_failures(answer)

                try:
                    async with asyncio.TaskGroup() as tasks:
                        for place, request in enumerate(requests):
                            tasks.create_task(ask_one(place, request))
                except ExceptionGroup as errors:
                    raise errors.exceptions[0] from None

        return run_in_background(work)

    async def complete(
        self, connection: Connection, messages: Iterable[Message], groups: Mapping[str, FieldGroup], **fields: Any
    ) -> ChatCompletion:
        """Ask for a chat completion; raise NoAnswer if none arrives, or ModelError if no question can be answered.

        ``groups`` maps names to groups of optional fields. If the server refuses a group, the group's next form
        is sent from then on.
        """
        turns = [{"role": message.role, "content": message.content} for message in messages]
        refusals = self._refusals.copy()
        while True:
            body = {**fields, "model": self.model, "messages": turns}
            for name, group in groups.items():
                body |= group.forms[refusals[name]]
            try:
                completion = await connection.post(body)
            except Refused as refusal:
                named = [name for name, group in groups.items() if group.is_named_in(refusal.words)]
                replaceable = [name for name in named if refusals[name] + 1 < len(groups[name].forms)]
                if not replaceable:
                    raise
                refusals.update(replaceable)
            else:
                # remember after a success only: a refusal that names max_tokens may be about the prompt's length
                self._refusals.update(refusals - self._refusals)
                self._require_model(completion.model)
                return completion

    def list_unsupported(self, groups: Mapping[str, FieldGroup]) -> list[str]:
        """List the groups that the server supports in no form."""
        return [name for name, group in groups.items() if not group.forms[self._refusals[name]]]

    def _require_model(self, reported: str) -> None:
        """Raise Failed if a server reports another model; a version of the requested one counts as the same.

        An empty name passes, because it does not say which model answered.
        """
        name = get_public_name(one_line(reported)).strip()
        if name and not is_same_model(reported, self.model, self.served_as):
            raise Failed(
                f"{name!r} answered instead of {get_public_name(self.served_as or self.model)!r}; "
                f"if they are the same model, set served_as: {name}"
            )

    def _require_key(self) -> None:
        if self.key is None and self.url == OPENAI:
            raise ModelError(f"{OPENAI} needs a key; put it into the environment variable {self.api_key_env}")
        if self.key and not (self.key.isascii() and self.key.isprintable()):
            raise ModelError(
                f"the key in {self.api_key_env} contains a character that no request can carry, such as a line break "
                f"or a curly quotation mark; set the variable again"
            )

    def _count_failures(self, answer: object) -> None:
        """Raise ModelError after too many identical failures in a row, and start counting again."""
        kind = strip_ids(str(answer)) if isinstance(answer, Failed) else None
        if kind is None or kind not in self._failures:
            self._failures.clear()
        if kind is not None:
            self._failures.append(kind)
        if (times := len(self._failures)) >= max(10, 2 * self.concurrency):
            self._failures.clear()
            raise ModelError(
                f"{self.url}: {answer}; this happened {times} times in a row, so no more requests are sent; check the "
                f"server or the config, and run this again"
            )


async def _answer(ask: Callable[[Connection, T], Awaitable[R]], connection: Connection, request: T) -> R | NoAnswer:
    try:
        return await ask(connection, request)
    except NoAnswer as reason:
        return reason
    except HarnessError:  # no question can be answered
        raise
    except Exception as error:  # noqa: BLE001  # an unreadable answer must not affect other requests
        return Failed(f"cannot read the answer ({one_line(f'{type(error).__name__}: {error}')})")


def _find_secrets(options: object, name: str = "") -> Iterator[str]:
    """Yield the dotted names of options that may hold keys."""
    if isinstance(options, str) and KEYS.search(options):
        yield name
    parts = options.items() if isinstance(options, dict) else enumerate(options) if isinstance(options, list) else ()
    for part, value in parts:
        at = f"{name}.{part}".lstrip(".")
        if _SECRET.fullmatch(str(part)):
            yield at
        else:
            yield from _find_secrets(value, at)


def _check_url(url: str) -> None:
    """Raise ValueError if an address is invalid or may hold a key; the message does not repeat such a key."""
    write = "write an address such as http://localhost:8000/v1"
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it is the check
    except ValueError:
        raise ValueError(f"base_url is not an address; {write}") from None
    is_key = re.search(r"/(sk-|gsk_|hf_|xai-|AIza|ghp_|xox)", parts.path)
    if is_key or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            f"base_url seems to hold a key, or has a user, query or fragment; {write}, and put the key into an "
            "environment variable that api_key_env names"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable() or " " in url:
        raise ValueError(f"base_url is {url!r}; {write}")


# Optional fields and names of models --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields of a request that some servers do not support."""

    forms: Sequence[Mapping[str, Any]]
    """The fields to send at first, after the first refusal, after the second one, and so on; {} omits the group."""
    names: Sequence[str] = ()
    """Words in a refusal that mean these fields, in lower case (default: the names of the fields)."""

    def is_named_in(self, refusal: str) -> bool:
        return any(name in refusal.lower() for name in self.names or self.forms[0])


def make_max_tokens_field(number: int) -> FieldGroup:
    """Return the field that limits an answer's tokens; OpenAI's reasoning models need ``max_completion_tokens``."""
    return FieldGroup([{"max_tokens": number}, {"max_completion_tokens": number}])


def is_same_model(reported: str, requested: str, served_as: str | None) -> bool:
    """True if a server's name for its model means the requested model or a version of it."""
    reported = get_public_name(one_line(reported))
    names = [get_public_name(name) for name in (requested, served_as) if name]
    return any(reported.startswith(name) and _VERSION.fullmatch(reported.removeprefix(name)) for name in names)


def get_public_name(model: str) -> str:
    """Return a model's name for messages; for a path on the server, only its last part."""
    return PurePosixPath(model).name if model.startswith("/") else model


def get_signed_name(model: str) -> str:
    """Return a model's name for signatures: its public name; a path's digest follows, because folders share names."""
    name = get_public_name(model)
    return name if name == model else f"{name}@{digest(model)[:8]}"
