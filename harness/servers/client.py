"""Send requests to a server through the openai client, which retries and honours Retry-After.

harness does not trust servers: it follows no redirects, limits the size of answers, and masks the key in them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextvars import ContextVar
from queue import SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from harness.errors import ModelError
from harness.servers.answers import ChatCompletion, Failed, NoAnswer, Refused, one_line, parse_completion

if TYPE_CHECKING:
    from httpx2 import AsyncByteStream, Response
    from openai import APIError, APIStatusError

    from harness.servers.plugin import AsksServer

R = TypeVar("R")

SENT: ContextVar[float] = ContextVar("SENT")  # when this task last sent a request; each retry sends one
_MODELS = 8  # maximum number of models that a message lists


def run_in_background(work: Callable[[Callable[[R], None]], Awaitable[None]]) -> Iterator[R]:
    """Run asynchronous work, and yield each result that it passes to its callback, as soon as it arrives.

    The work runs in its own thread, so a running event loop (as in a notebook) does not matter. It is cancelled if the
    caller stops reading (an error, Ctrl-C). Its exception is raised after its results.
    """
    from anyio.from_thread import start_blocking_portal

    results: SimpleQueue[tuple[R] | None] = SimpleQueue()
    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work, lambda result: results.put((result,)))
        working.add_done_callback(lambda _: results.put(None))
        try:
            while (result := results.get()) is not None:
                yield result[0]
            working.result()
        finally:
            working.cancel()


class Connection:
    """An open connection to the server of a plugin."""

    def __init__(self, plugin: AsksServer) -> None:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        self._plugin = plugin
        self._error = ""
        """Appended to a timeout's message: the status of the server's last answer; '' if it was not an error."""
        hooks: dict[str, list[Callable[..., Any]]] = {"request": [_note_time], "response": [self._guard]}
        self._client = AsyncOpenAI(
            base_url=plugin.url,
            api_key=plugin.key or "none",  # the client requires a key
            max_retries=plugin.retries,
            timeout=plugin.timeout,
            http_client=DefaultAsyncHttpxClient(follow_redirects=False, event_hooks=hooks),
            default_headers={"Accept-Encoding": "identity"},  # the size limit would not apply to compressed answers
        )

    async def aclose(self) -> None:
        await self._client.close()

    async def _guard(self, response: Response) -> None:
        """Note an error for later messages, refuse a compressed answer, and limit the answer's size."""
        self._error = f"; the server's last answer was {response.status_code}" if response.is_error else ""
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise Failed("the server compresses answers although the request forbids it; turn off its compression")
        # a token with 20 alternatives and their logprobs takes one to two kilobytes
        response.stream = _limit_bytes(response.stream, 2**20 + 2**11 * self._plugin.answer_tokens)

    async def post(self, body: dict[str, Any]) -> ChatCompletion:
        """Ask for a chat completion; raise NoAnswer if none arrives, or ModelError if no request can be answered."""
        from openai import APIError, NotFoundError

        limit = self._plugin.timeout * (self._plugin.retries + 1)
        try:
            async with asyncio.timeout(limit):
                reply = await self._client.post("/chat/completions", body=body, cast_to=object)
            return parse_completion(self._mask(reply))
        except TimeoutError:
            raise Failed(f"no complete answer within {limit:g} s, retries and pauses included{self._error}") from None
        except NotFoundError as error:
            raise ModelError(f"{self._explain_status(error)}{await self._describe_models()}") from error
        except APIError as error:
            raise self._explain(error) from error
        except RecursionError:
            raise Failed("the server's answer is nested too deeply") from None
        except ValueError:  # not JSON, not UTF-8, or a number with too many digits
            raise Failed("the server's answer is not JSON") from None

    async def list_models(self) -> list[str]:
        """Return the names of the server's models, or none if it does not list them.

        Raises ModelError if the server cannot be reached or refuses the key.
        """
        from openai import APIError

        try:
            reply = self._mask(await self._client.get("/models", cast_to=object, options={"max_retries": 0}))
        except APIError as error:
            reason, status = self._explain(error), getattr(error, "status_code", None)
            if isinstance(reason, ModelError) and status not in (403, 404, 405):
                raise reason from error
            return []  # a server that does not list its models may still answer requests
        except (NoAnswer, RecursionError, ValueError):
            return []
        rows = reply.get("data") if isinstance(reply, dict) else None
        return [str(row["id"]) for row in rows or () if isinstance(row, dict) and "id" in row]

    async def _describe_models(self) -> str:
        try:
            models = await self.list_models()
        except ModelError:
            return ""
        names = ", ".join(map(one_line, models[:_MODELS]))
        return f" (the server lists {names}{', …' if len(models) > _MODELS else ''})" if names else ""

    def _mask(self, value: Any) -> Any:
        """Mask the key in a server's JSON, because some servers repeat the request's headers."""
        key = self._plugin.key
        if key is None or len(key) < 6:  # a short placeholder may be part of any word
            return value
        if isinstance(value, str):
            return value.replace(key, "…")
        if isinstance(value, list):
            return [self._mask(each) for each in value]
        if isinstance(value, dict):
            return {self._mask(name): self._mask(each) for name, each in value.items()}
        return value

    def _quote(self, words: object) -> str:
        """Quote a server's words on one short line, without the key."""
        if isinstance(words, dict):
            words = words.get("message") or words.get("detail") or words
        return one_line(self._mask(str(words or "no message"))).rstrip(".")

    def _explain(self, error: APIError) -> Exception:
        from openai import APIStatusError, APITimeoutError

        if isinstance(error, APIStatusError):
            return self._explain_status(error)
        if isinstance(error, APITimeoutError):
            return Failed(f"the server was silent for {self._plugin.timeout:g} s on every try")
        unreachable = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)
        cause = next((each for each in _list_causes(error) if isinstance(each, unreachable)), None)
        if cause is None:
            return Failed("the connection to the server was lost on every try")
        return ModelError(
            f"cannot reach {self._plugin.url} ({self._quote(cause)}); start the server, or correct base_url"
        )

    def _explain_status(self, error: APIStatusError) -> Exception:
        url, status = self._plugin.url, error.status_code
        message = f"the server answered {status}: {self._quote(error.body)}"
        match status:
            case 400 if error.code in ("content_filter", "content_policy_violation"):
                return NoAnswer(f"the server's content filter rejected the prompt: {self._quote(error.body)}")
            case 400 | 413 | 422 | 500:
                return Refused(message, str(error.body))
            case 401 | 403:
                return ModelError(
                    f"{url}: {message}; put a valid key into the environment variable {self._plugin.api_key_env}"
                )
            case 404 | 405:
                return ModelError(f"{url}: {message}; check model, and base_url, which usually ends in /v1")
            case 402 | 429 if status == 402 or error.code == "insufficient_quota":
                return ModelError(f"{url}: {message}; check the account, and run this again")
        if 300 <= status < 400:
            target = error.response.url.join(error.response.headers.get("location", ""))
            return ModelError(
                f"{url} redirects to {self._quote(f'{target.scheme}://{target.netloc.decode()}')}, but harness follows "
                f"no redirects; set base_url to the server's own address"
            )
        wait = error.response.headers.get("retry-after")  # the client gives up if this is long
        return Failed(f"{message} (Retry-After: {self._quote(wait)})" if wait else message)


async def _note_time(_: object) -> None:
    SENT.set(perf_counter())


def _limit_bytes(stream: Any, limit: int) -> AsyncByteStream:
    from httpx2 import AsyncByteStream

    class Limited(AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            total = 0
            async for piece in stream:
                total += len(piece)
                if total > limit:
                    raise Failed(f"the server's answer has more than {limit:,} bytes")
                yield piece

        async def aclose(self) -> None:
            await stream.aclose()

    return Limited()


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the causes of an exception, and the members of exception groups."""
    for cause in (error.__cause__ or error.__context__, *getattr(error, "exceptions", ())):
        if cause is not None:
            yield cause
            yield from _list_causes(cause)
