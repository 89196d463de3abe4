"""A connection to a server that speaks OpenAI's protocol: time limits, retries, and errors that say what to do.

The openai client makes the requests. What may pass (429, 408, 409, 5xx, a broken or slow connection) is requested again
after exponential waits with jitter, or as long as the server says with ``Retry-After``: as often as ``retries`` says,
within the time limit of the answer.
"""

from __future__ import annotations

import asyncio
import math
import random
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from harness.errors import ModelError
from harness.servers.completion import joined
from harness.servers.guarded import RedirectedError, TooLargeError, masked
from harness.servers.no_answer import Failed, NoAnswer, Refused, shown
from harness.servers.time_shares import TimeShares

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import APIError, APIStatusError, AsyncOpenAI

_UNREACHABLE = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)
_FILTERS = ("content_filter", "content_policy_violation")
"""Codes of a refusal that is about what the prompt says."""
_PASSING = (408, 409, 429)
"""Statuses below 500 after which asking again may help."""
_UNLISTED = (403, 404, 405)
"""Statuses of a list of models that is not given, which say nothing of questions."""
_LISTED = 8
"""Names of a server's models that a message repeats."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server's URL and key, and the limits of time, size and retries."""

    url: str
    key_variable: str
    key: str | None = field(repr=False)
    retries: int
    try_timeout: float
    """Seconds that may pass without a byte."""
    timeout: float
    """Seconds that an answer may take in all, retries and their waits included."""
    max_bytes: int = 1 << 22
    """Bytes that an answer may have."""


class Connection:
    """An open connection to a server."""

    def __init__(self, address: Address, client: AsyncOpenAI) -> None:
        self._address, self._client = address, client
        self.shares = TimeShares()
        """The time that answers take, among those that are under way at once."""

    async def post(self, path: str, body: dict[str, Any]) -> object:
        """The JSON that a request is answered with; NoAnswer where none comes, ModelError where none can come.

        A body that asks for a stream gets it whole, as if it had not asked.
        """
        from openai import APIError, NotFoundError

        limit = self._address.timeout
        try:
            async with asyncio.timeout(limit):
                return masked(await self._with_retries(path, body), self._address.key)
        except TimeoutError:
            raise Failed(
                f"the server gave no whole answer within {limit:g} s, retries included", transient=True
            ) from None
        except NotFoundError as error:
            raise ModelError(f"{self._status_reason(error)}{await self._listed_models()}") from error
        except APIError as error:
            raise self._reason_of(error) from error
        except RedirectedError as error:
            raise self._redirect_error(error) from None
        except TooLargeError as error:
            raise Failed(f"{error}, more than its limit of tokens can take", transient=True) from None
        except RecursionError:
            raise Failed("the server's answer is nested too deeply", transient=True) from None
        except ValueError:  # of the JSON decoder: no JSON, no UTF-8, or a number of too many digits
            raise Failed("the server's answer is not JSON", transient=True) from None

    async def models(self) -> list[str]:
        """The names of the models that the server lists, none where it does not say.

        ModelError where nothing can be asked there: the server is not reached, or takes no such key. One that has no
        such page, or shows it to nobody (403, 404, 405), may answer questions all the same.
        """
        from openai import APIError, APIStatusError

        try:
            listed = await self._client.get("/models", cast_to=object, options={"max_retries": 0})
        except APIError as error:
            reason = self._reason_of(error)
            unlisted = isinstance(error, APIStatusError) and error.status_code in _UNLISTED
            if unlisted or not isinstance(reason, ModelError):
                return []
            raise reason from error
        except RedirectedError as error:
            raise self._redirect_error(error) from None
        except (TooLargeError, RecursionError, ValueError):  # ValueError: of the JSON decoder
            return []
        rows = listed.get("data") if isinstance(listed, dict) else None
        return [str(row["id"]) for row in rows or () if isinstance(row, dict) and "id" in row]

    async def _with_retries(self, path: str, body: dict[str, Any]) -> object:
        """The answer, after as many tries as the address allows; what the last one raises."""
        from openai import APIConnectionError, APIStatusError

        ask = self._streamed if body.get("stream") else self._whole
        for attempt in range(self._address.retries):
            try:
                return await ask(path, body)
            except APIStatusError as error:
                pause = self._pause(error, attempt)
            except Refused:
                raise
            except (APIConnectionError, Failed):
                pause = _backoff(attempt)
            await asyncio.sleep(_jittered(pause))
        try:
            return await ask(path, body)
        except APIStatusError as error:
            self._pause(error, self._address.retries)  # a pause that is too long ends the model's turn here too
            raise

    async def _whole(self, path: str, body: dict[str, Any]) -> object:
        return self._without_error(await self._client.post(path, body=body, cast_to=object))

    def _without_error(self, reply: object) -> object:
        """A reply; raises the error that came in its place."""
        if isinstance(reply, dict) and (error := reply.get("error")):
            raise self._error_reply(error)
        return reply

    def _error_reply(self, error: object) -> Failed:
        """What an error is that came in the place of an answer, with status 200, as gateways pass on their servers'."""
        code = str(error.get("code")) if isinstance(error, dict) else ""
        status = int(code) if re.fullmatch(r"[45]\d\d", code) else None
        message = f"the server answered {status or 'with an error'}: {self._error_text(error)}"
        if status is None or not _passes(status):
            return Refused(message, str(error), transient=True)
        return Failed(message, transient=True)

    async def _streamed(self, path: str, body: dict[str, Any]) -> object:
        """A stream to its end, or the one piece of JSON that some gateways send in its place."""
        from openai import APIConnectionError, APIError, AsyncStream

        stream = await self._client.post(path, body=body, cast_to=object, stream=True, stream_cls=AsyncStream[object])
        async with stream:
            if stream.response.headers.get("content-type", "").startswith("application/json"):
                return self._without_error(await _json_of(stream.response))
            try:
                return joined([chunk async for chunk in stream])
            except APIConnectionError:
                raise
            except APIError as error:  # a chunk that holds an error
                raise self._error_reply(error.body) from error

    def _pause(self, error: APIStatusError, attempt: int) -> float:
        """Seconds until the next try, as the server says, else by backoff; raises an error that none helps."""
        if not _passes(error.status_code) or error.code == "insufficient_quota":
            raise error
        pause = retry_after(error.response.headers)
        if pause is None:
            return _backoff(attempt)
        if pause > self._address.timeout:
            raise ModelError(
                f"{self._address.url} asks to be left alone for {pause:,.0f} s, and an answer may take "
                f"{self._address.timeout:g} s; run this again then, or raise timeout"
            )
        return pause

    def _redirect_error(self, error: RedirectedError) -> ModelError:
        return ModelError(
            f"{self._address.url} sends its questions on to {self._clean(str(error))}, which is not the host that was "
            f"named, and nothing was sent there; set base_url to where the server is"
        )

    async def _listed_models(self) -> str:
        """The models that the server has, in brackets for a message; empty where it does not say."""
        try:
            listed = await self.models()
        except ModelError:
            return ""
        names = ", ".join(map(shown, listed[:_LISTED]))
        return f" (the server lists {names}{', …' if len(listed) > _LISTED else ''})" if names else ""

    def _reason_of(self, error: APIError) -> Exception:
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        if isinstance(error, APIStatusError):
            return self._status_reason(error)
        if isinstance(error, APITimeoutError):
            return Failed(f"the server was silent for {self._address.try_timeout:g} s, at each try", transient=True)
        if isinstance(error, APIConnectionError):
            cause = next((each for each in _causes(error) if isinstance(each, _UNREACHABLE)), None)
            if cause is None:
                return Failed("the connection to the server broke off, at each try", transient=True)
            return ModelError(
                f"nothing can be asked at {self._address.url} ({self._clean(str(cause))}); "
                f"start the server, or set base_url to where it is"
            )
        return Failed(f"the server's answer cannot be read: {self._clean(error.message)}", transient=True)

    def _status_reason(self, error: APIStatusError) -> Exception:
        message = f"the server answered {error.status_code}: {self._error_text(error.body)}"
        match error.status_code:
            case 400 if error.code in _FILTERS:
                return NoAnswer(f"the server's content filter took no such prompt: {self._error_text(error.body)}")
            case 400 | 413 | 422:
                return Refused(message, str(error.body))
            case 500:
                return Refused(message, str(error.body), transient=True)
            case 401 | 403:
                return ModelError(
                    f"{self._address.url}: {message}; "
                    f"put a key that it takes into the environment variable {self._address.key_variable}"
                )
            case 404 | 405:
                return ModelError(f"{self._address.url}: {message}; see model, and base_url, which mostly ends in /v1")
            case 402 | 429 if error.status_code == 402 or error.code == "insufficient_quota":
                return ModelError(f"{self._address.url}: {message}; see to the account, and run this again")
        return Failed(message, transient=_passes(error.status_code))

    def _error_text(self, error: object) -> str:
        if isinstance(error, dict):
            error = error.get("message") or error.get("detail") or error
        return self._clean(str(error or "nothing more"))

    def _clean(self, text: str) -> str:
        """A server's words as one short line, without the key, which some repeat."""
        if self._address.key:
            text = text.replace(self._address.key, "…")
        return shown(text).rstrip(".")


async def _json_of(response: Response) -> object:
    """The JSON of a reply that was asked for as a stream; what breaks it off is raised as the openai client would."""
    from httpx2 import RequestError, TimeoutException
    from openai import APIConnectionError, APITimeoutError

    try:
        await response.aread()
    except TimeoutException as error:
        raise APITimeoutError(response.request) from error
    except RequestError as error:
        raise APIConnectionError(request=response.request) from error
    reply: object = response.json()
    return reply


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an exception was raised for, down to the first cause; the branches of a group too."""
    for cause in (error.__cause__ or error.__context__, *getattr(error, "exceptions", ())):
        if cause is not None:
            yield cause
            yield from _causes(cause)


def _passes(status: int) -> bool:
    """Whether asking again may help after a status."""
    return status in _PASSING or status >= 500


def _backoff(attempt: int) -> float:
    """Seconds between a try and the next where nobody says how long."""
    return min(8.0, 0.5 * float(2**attempt))


def _jittered(seconds: float) -> float:
    """Up to a fifth longer, so that requests that wait together are not made together."""
    return seconds * random.uniform(1, 1.2)  # noqa: S311  # no secret, and no result, depends on it


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until a request may be made again (RFC 9110, 10.2.3); None where the server does not say.

    A date is held against the server's own clock: ours may be wrong, or set anew while we wait.
    """
    named, milliseconds = headers.get("retry-after", ""), headers.get("retry-after-ms")
    try:
        seconds = float(named) if milliseconds is None else float(milliseconds) / 1000  # as OpenAI's servers say it
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(named) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
        except (ValueError, TypeError):  # TypeError: one has an offset, the other none
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
