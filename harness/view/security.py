"""Who may ask for what. No handler is reached by a request that fails here.

- Host must name this machine, or a page of another site could point its own name at us (DNS rebinding).
- A browser shows the login token once, in the address; a cookie then stands for it. Other users of this machine can
  reach the loopback too.
- What another site's page starts is refused, but for following a link (Sec-Fetch-Site, Origin; W3C Fetch Metadata).
- Whatever is not GET or HEAD needs the token of a page of ours, as a header or a form field (CSRF).
- No answer may load or run anything but what bears the nonce of this answer (Content-Security-Policy).
"""

from __future__ import annotations

import html
import ipaddress
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.view.context import Context

HEADER = "x-csrf-token"
FIELD = "csrf"
COOKIE = "harness-view"
LARGEST = 1_000_000
"""Bytes of a request's body."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_READING = ("GET", "HEAD")
_OURS = ("same-origin", "none")
"""What started a request, as ``Sec-Fetch-Site`` says it: a page of ours, or the person themselves."""


class RefusedError(Exception):
    """A request that is not answered, with what to do about it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Guard:
    """The middleware."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["nonce"] = secrets.token_urlsafe(16)
        sending = _with_headers(send, state["nonce"])
        try:
            request = Request(scope, receive)
            _check_host(request.headers.get("host", ""), self.context)
            answer = self._enter(request)
            if answer is None:
                _check_site(request)
                state["sent"] = {} if request.method in _READING else await self._sent(request)
        except ClientDisconnect:  # nobody is left to be answered
            return
        except RefusedError as refusal:
            answer = PlainTextResponse(f"{refusal}\n", refusal.status)
        await (answer or self.app)(scope, receive, sending)

    def _enter(self, request: Request) -> Response | None:
        """Nothing for a browser that may come in; a way on that gives it the cookie where it shows the token."""
        shown = request.query_params.get("token")
        if shown is not None and _same(shown, self.context.login):
            rest = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "token"])
            answer = _onward(request, f"{path_of(request)}?{rest}" if rest else path_of(request))
            answer.set_cookie(cookie(request.scope), self.context.login, httponly=True, samesite="strict")
            return answer
        kept = request.cookies.get(cookie(request.scope))
        if kept is None and _is_followed(request):  # from elsewhere, a report.html say: see _onward
            return _onward(request, f"{path_of(request)}?{request.url.query}".removesuffix("?"))
        if kept is None or not _same(kept, self.context.login):
            raise RefusedError(403, "open the address that harness view printed when it started; it ends in ?token=…")
        return None

    async def _sent(self, request: Request) -> Mapping[str, Any]:
        """The fields of the body, once the request has shown the token."""
        body = await _body(request)
        fields = _fields(body, request.headers.get("content-type", ""))
        shown = request.headers.get(HEADER) or fields.pop(FIELD, "")
        if not isinstance(shown, str) or not _same(shown, self.context.token):
            raise RefusedError(
                403, "this page is of an earlier start of harness view; load it again, then repeat the change"
            )
        return fields


def cookie(scope: Scope) -> str:
    """The cookie's name: browsers keep one jar for all ports of a host, and another start may have another port."""
    return f"{COOKIE}-{(scope.get('server') or ('', 0))[1]}"


def _onward(request: Request, address: str) -> Response:
    """A redirect; for a link that another site or a file has, a page of ours that goes on by itself: a browser sends
    no strict cookie along a way that began elsewhere."""
    if request.headers.get("sec-fetch-site", "none") in _OURS:
        return RedirectResponse(address, 303)
    there = html.escape(address)
    return HTMLResponse(
        f'<!doctype html><meta http-equiv="refresh" content="0;url={there}"><a href="{there}">Go on</a>'
    )


def path_of(request: Request) -> str:
    """The path as it was sent; never one that a browser takes for another machine's (``//evil.example``)."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    return "/" + raw.decode("latin-1").partition("?")[0].lstrip("/\\")


def _same(shown: str, token: str) -> bool:
    return secrets.compare_digest(shown.encode("utf-8", "surrogatepass"), token.encode())


def _check_host(host: str, context: Context) -> None:
    """An address in figures cannot be another site's name, so any will do where other machines are let in."""
    name = _name(host)
    if name in _LOOPBACK or name in context.names:
        return
    if context.open_to_others and _is_address(name):
        return
    raise RefusedError(
        421, f"this server is not called {host[:200]!r}; open it at the address that harness view printed"
    )


def _name(host: str) -> str:
    """A Host header without its port, and an IPv6 address without its brackets."""
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    return name.lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _check_site(request: Request) -> None:
    """Refuse what a page of another site has started, but for a link that a person follows from there."""
    headers = request.headers
    if headers.get("sec-fetch-site", "none") not in _OURS and not _is_followed(request):
        raise RefusedError(403, "a page of another site asked for this; open it from harness view itself")
    origin = headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{headers.get('host', '')}":
        raise RefusedError(403, "a page of another site sent this; send it from harness view itself")


def _is_followed(request: Request) -> bool:
    """Whether a person followed a link that stands elsewhere."""
    headers = request.headers
    return (
        request.method in _READING
        and headers.get("sec-fetch-site", "none") not in _OURS
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and headers.get("sec-fetch-user") == "?1"
    )


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise RefusedError(413, f"more than {LARGEST:,} bytes were sent; send less at once")
    return body


def _fields(body: bytes, kind: str) -> dict[str, Any]:
    """A form or a JSON object as a mapping."""
    try:
        text = body.decode()
        if kind.partition(";")[0].strip() == "application/json":
            data = json.loads(text)
            if not isinstance(data, dict):
                raise ValueError
            json.dumps(data, ensure_ascii=False).encode()  # half of a surrogate pair is no text
            return data
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))
    except (ValueError, RecursionError):
        raise RefusedError(400, "what was sent is neither a form nor a JSON object") from None


def _with_headers(send: Send, nonce: str) -> Send:
    """``send`` that adds what every answer carries."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_headers(nonce))
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sending


def _headers(nonce: str) -> dict[str, str]:
    return {
        "content-security-policy": (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
