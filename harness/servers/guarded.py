"""What a server may send back: so many bytes, from the host that was named, and no key of ours in its words.

The limit holds while an answer is read, for compressed and refused ones too: a server is asked to compress nothing,
and what it compresses all the same is unpacked here, piece by piece.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from httpx2 import AsyncByteStream, AsyncClient, Response

BASE_BYTES, BYTES_PER_TOKEN = 1 << 20, 1 << 11
"""Bytes that any answer may have, and a token of it besides: with five alternatives and their probabilities it takes
some hundred."""
_PIECE = 1 << 14


class TooLargeError(Exception):
    """An answer has more bytes than its tokens can take."""


class RedirectedError(Exception):
    """A server sends the question on to another host, and with it the texts."""


def client(limit: int) -> AsyncClient:
    """An HTTP client that reads no more than ``limit`` bytes of an answer, and follows to no other host."""

    from openai import DefaultAsyncHttpxClient

    async def guard(response: Response) -> None:
        if response.has_redirect_location:
            _require_same_host(response)
        packed = response.headers.pop("content-encoding", "identity").strip().lower()
        response.stream = _limited(response.stream, packed, limit)

    return DefaultAsyncHttpxClient(event_hooks={"response": [guard]})


def _require_same_host(response: Response) -> None:
    """RedirectedError where a redirect leads to another host, or from https to http."""
    target = response.url.join(response.headers["location"])
    if target.host != response.url.host or (response.url.scheme, target.scheme) == ("https", "http"):
        raise RedirectedError(f"{target.scheme}://{target.host}")


def _limited(stream: Any, packed: str, limit: int) -> AsyncByteStream:
    from httpx2 import AsyncByteStream

    class Limited(AsyncByteStream):
        """The bytes of an answer, unpacked, up to the limit."""

        async def __aiter__(self) -> AsyncIterator[bytes]:
            total = 0
            async for piece in _unpacked(stream, packed):
                total += len(piece)
                if total > limit:
                    raise TooLargeError(f"the server's answer has more than {limit:,} bytes")
                yield piece

        async def aclose(self) -> None:
            await stream.aclose()

    return Limited()


async def _unpacked(stream: Any, packed: str) -> AsyncIterator[bytes]:
    """The bytes as they were before they were compressed, a few at a time."""
    if packed in ("", "identity"):
        async for data in stream:
            yield data
        return
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise TooLargeError(f"the server packs its answers ({packed!r}) though it was asked not to")
    unpacking = zlib.decompressobj(wbits=47 if "gzip" in packed else zlib.MAX_WBITS)
    async for data in stream:
        try:
            yield unpacking.decompress(data, _PIECE)
            while unpacking.unconsumed_tail:
                yield unpacking.decompress(unpacking.unconsumed_tail, _PIECE)
        except zlib.error as error:
            raise TooLargeError(f"the server's answer cannot be unpacked ({error})") from None


def masked(value: Any, key: str | None) -> Any:
    """A server's JSON without the key that it was asked with: some repeat the request's headers in their answer."""
    if key is None or len(key) < 6:  # a word that stands for no key
        return value
    if isinstance(value, str):
        return value.replace(key, "…")
    if isinstance(value, list):
        return [masked(each, key) for each in value]
    if isinstance(value, dict):
        return {name: masked(each, key) for name, each in value.items()}
    return value
