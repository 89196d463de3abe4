"""The options that models and verifiers behind a server share."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from harness.errors import KEYS
from harness.seams import Plugin, allowed_variables
from harness.servers.connection import Address
from harness.servers.guarded import BASE_BYTES, BYTES_PER_TOKEN
from harness.servers.no_answer import Failed, shown
from harness.servers.server import FailureLimit, Server, announce, is_openai

MOST_TOKENS = 1_000_000
"""Tokens that an answer can be asked to have."""
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_VERSION = re.compile(r"|-\d{3}[\d.-]*|[@:].+")
"""What a server may add to the name that was asked for: a date or a number, a revision, a tag."""
_SECRET = re.compile(
    r"key|token|(.*[_-])?(api[_-]?key|access[_-]?key|(api|auth|access|bearer)[_-]?token|password|secret|authorization)",
    re.IGNORECASE,
)
"""Names under which people write down what nobody should."""
_STARTS = re.compile(r"sk-|gsk_|hf_|xai-|AIza|ghp_|xox")
"""How keys begin."""
_ACCOUNT = re.compile(r"[0-9a-f]{32}")
_KEY_VARIABLE = re.compile(r"(\w+_)?API_(KEY|TOKEN)|HF_TOKEN|HARNESS_\w+|\w+_KEY")
_OTHER_KEY = re.compile(r"SECRET|PRIVATE|ACCESS|SESSION|SIGNING|ENCRYPTION|DEPLOY|MASTER|SSH|GPG|AWS")
"""Words of names of variables that are keys to something else than a language model."""


def _may_hold_key(name: str) -> bool:
    """Whether a variable's name says that it holds a key for a server, or the user allows it."""
    is_key = _KEY_VARIABLE.fullmatch(name) is not None and _OTHER_KEY.search(name) is None
    return is_key or name in allowed_variables()


class AsksServer(Plugin):
    """A plugin that can ask a server.

    Where the server stands and how patiently it is asked changes no answer; the model's name stands for what does.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset(
        {"base_url", "served_as", "api_key_env", "concurrency", "retries", "try_timeout", "timeout"}
    )

    base_url: str | None = None
    """Where the server is, such as http://localhost:8000/v1."""
    served_as: str | None = None
    """The name that the server gives the model in its answers, where it is not the name asked for or begins with it."""
    api_key_env: str = "OPENAI_API_KEY"
    """The environment variable that holds the key; a server that asks for none needs none. A key stands in no file."""
    concurrency: int = Field(4, ge=1, le=256)
    """Questions under way at once."""
    retries: int = Field(3, ge=0, le=20)
    """Times that a question is asked again after 429, 5xx, a broken connection or a stream that broke off."""
    try_timeout: float = Field(60.0, gt=0)
    """Seconds of silence after which a try is given up."""
    timeout: float = Field(180.0, gt=0)
    """Seconds that an answer may take in all, retries and their waits included."""

    @property
    def answer_tokens(self) -> int:
        """Tokens that an answer may have: what it may weigh in bytes follows from them."""
        return 1000

    @model_validator(mode="before")
    @classmethod
    def _no_secret(cls, options: Any) -> Any:
        """Refuses a key written into a config, without repeating it."""
        if not isinstance(options, dict):
            return options
        variable = options.get("api_key_env", "OPENAI_API_KEY")
        secret = next(_secrets(options), None)
        if isinstance(variable, str) and not _VARIABLE.fullmatch(variable):
            variable, secret = "OPENAI_API_KEY", secret or "api_key_env"
        elif isinstance(variable, str) and not _may_hold_key(variable):
            raise ValueError(
                f"api_key_env names {variable}, whose value would be sent to the server, and which is no name of a "
                f"key for one; name one that ends in _API_KEY, or allow this: HARNESS_ALLOW_ENV={variable}"
            )
        if secret is not None:
            raise ValueError(
                f"{secret} holds what may be a key, and no key stands in a config: put the key into an environment "
                f"variable, and write its name: api_key_env: {variable}"
            )
        _check_url(options.get("base_url"))
        return options

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        yield from super().reaches(options)
        if url := options.get("base_url", cls.model_fields["base_url"].default):
            yield f"sends texts to the server {url}, with the key that the environment holds for it"

    def missing_key(self, url: str) -> Iterator[str]:
        """Why the server cannot be asked, as far as that is known: no key where one is needed, or one is named."""
        if (is_openai(url) or "api_key_env" in self.model_fields_set) and self._key is None:
            yield f"needs a key: put it into the environment variable {self.api_key_env}, which is not set"

    @property
    def _key(self) -> str | None:
        """The key, without the white space that is copied with one; None where there is none."""
        return os.environ.get(self.api_key_env, "").strip() or None

    @cached_property
    def _failure_limit(self) -> FailureLimit:
        """Kept from call to call: a strategy asks few questions with each."""
        return FailureLimit(max(10, 2 * self.concurrency))

    def announce(self) -> None:
        """Say once on standard error where texts are sent, before a process elsewhere sends them."""
        if self.base_url is not None:
            announce(self.server(self.base_url).address)

    def server(self, url: str) -> Server:
        """The server at an address, with the key that the environment holds now."""
        address = Address(
            url=url.rstrip("/"),
            key_variable=self.api_key_env,
            key=self._key,
            retries=self.retries,
            try_timeout=self.try_timeout,
            timeout=self.timeout,
            max_bytes=BASE_BYTES + BYTES_PER_TOKEN * self.answer_tokens,
        )
        return Server(address, self.concurrency, self._failure_limit)


def same_model(reported: str, requested: str, served_as: str | None = None) -> None:
    """Failed where a server says that another model answered; a version of the one asked for is the same.

    A server that gives an empty name does not say who answered.
    """
    name = public(shown(reported)).strip()
    if name and not is_same(reported, requested, served_as):
        raise Failed(
            f"{name!r} answered where {public(served_as or requested)!r} was asked; "
            f"where that is the same model, write served_as: {name}",
            transient=True,
        )


def is_same(reported: str, requested: str, served_as: str | None = None) -> bool:
    """Whether a name that a server gives is that of the model asked for, or of a version of it."""
    reported = public(shown(reported))
    names = [public(name) for name in (requested, served_as) if name]
    return any(reported.startswith(name) and _VERSION.fullmatch(reported.removeprefix(name)) for name in names)


def public(model: str) -> str:
    """A served model's name as a record may hold it: of a path of the server's machine, the last part."""
    return PurePosixPath(model).name if model.startswith("/") else model


def _secrets(options: object, name: str = "") -> Iterator[str]:
    """The dotted names of what may be keys, wherever they stand in the options."""
    if isinstance(options, str) and KEYS.search(options):
        yield name
    parts = options.items() if isinstance(options, dict) else enumerate(options) if isinstance(options, list) else ()
    for part, value in parts:
        at = f"{name}.{part}".lstrip(".")
        if _SECRET.fullmatch(str(part)):
            yield at
        else:
            yield from _secrets(value, at)


def _looks_secret(part: str) -> bool:
    """Whether a part of a path may be a key: it begins like one, or is long and of letters and digits mixed."""
    return bool(KEYS.search(part) or _STARTS.match(part) or (len(part) >= 32 and re.search(r"\d", part)))


def _path_holds_key(path: str) -> bool:
    """Whether a URL's path may hold a key; 32 hexadecimal digits before its last part are the id of an account."""
    *before, last = path.rstrip("/").split("/")
    return any(_looks_secret(part) for part in [*(each for each in before if not _ACCOUNT.fullmatch(each)), last])


def _check_url(url: object) -> None:
    if not isinstance(url, str):
        return
    if any(character.isspace() or not character.isprintable() for character in url):
        raise ValueError("base_url contains white space or a control character; write it as http://localhost:8000/v1")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it is the check
    except ValueError:  # its words repeat the address, which may hold a key
        raise ValueError("base_url is no address; write it as http://localhost:8000/v1") from None
    if "@" in parts.netloc or parts.query or parts.fragment or _path_holds_key(parts.path):
        raise ValueError("base_url holds what may be a key; write it as http://host:port/v1, and see api_key_env")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"base_url is {url!r}; write it as http://localhost:8000/v1")
