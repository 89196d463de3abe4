"""Access control: a request that fails a check reaches no handler.

- ``Host`` must name this machine. Otherwise another site could point its own name at this server (DNS rebinding).
- The browser must send a login token, because other users of this machine can reach the loopback interface too. It
  gets the token from the start-up URL and keeps it in a cookie. The cookie's name includes the port, because browsers
  send a cookie to every port of a host.
- A page of another site can link here but not load anything from here (``Sec-Fetch-Site``).
- A request that changes something must come from a page of this server (``Origin``).
- A page runs only scripts and styles that carry the nonce of its response (``Content-Security-Policy``).
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.view.context import Context, read_path

MAX_BODY = 1_000_000
"""Maximum size of a request's body, in bytes."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE_METHODS = ("GET", "HEAD")


class Guard:
    """Middleware that checks each request and adds the security headers to each response."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.nonce = secrets.token_urlsafe(16)
        response: Response | None
        try:
            _check_host(request, self.context)
            response = _log_in(request, self.context)
            if response is None:
                _check_origin(request)
                request.state.form = {} if request.method in _SAFE_METHODS else await _read_form(request)
        except ClientDisconnect:
            return
        except HTTPException as refusal:
            response = PlainTextResponse(f"{refusal.detail}\n", refusal.status_code)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_make_headers(request.state.nonce))
            await send(message)

        await (response or self.app)(scope, receive, send_with_headers)


def make_cookie_name(scope: Scope) -> str:
    """``harness-view-8421``"""
    return f"harness-view-{(scope.get('server') or ('', 0))[1]}"


def _check_host(request: Request, context: Context) -> None:
    """Refuse unknown host names. If other machines may connect, allow any IP address: DNS rebinding needs a name."""
    host = request.headers.get("host", "")
    name = (host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]).lower()
    if name in _LOOPBACK or name in context.names or (context.names and _is_address(name)):
        return
    raise HTTPException(
        421, f"this server is not called {host[:200]!r}; open it at the address that harness view printed"
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _log_in(request: Request, context: Context) -> Response | None:
    """Return a redirect that sets the cookie if the URL has the token; return None if the browser has the cookie."""
    token = request.query_params.get("token")
    if token is not None and _is_same(token, context.login):
        target = read_path(request)
        rest = urlencode([pair for pair in request.query_params.multi_items() if pair[0] != "token"])
        response = RedirectResponse(f"{target}?{rest}" if rest else target, 303)
        response.set_cookie(make_cookie_name(request.scope), context.login, httponly=True, samesite="lax")
        return response
    if not _is_same(request.cookies.get(make_cookie_name(request.scope), ""), context.login):
        raise HTTPException(403, "open the address that harness view printed (…?token=…) in a new tab, then reload")
    return None


def _is_same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())


def _check_origin(request: Request) -> None:
    headers, is_safe = request.headers, request.method in _SAFE_METHODS
    is_link = is_safe and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not is_link:
        raise HTTPException(403, "a page of another site sent this request; open the page from harness view itself")
    expected = f"{request.url.scheme}://{headers.get('host', '')}"
    if headers.get("origin", expected if is_safe else "") != expected:
        raise HTTPException(403, "only a page of harness view may send this form; open that page and repeat the change")


async def _read_form(request: Request) -> Mapping[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"the form is larger than {MAX_BODY:,} bytes; shorten it")
    try:
        text = body.decode()
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))
    except ValueError:
        raise HTTPException(
            400, "the request body is not a valid form; submit it from a page of harness view"
        ) from None


def _make_headers(nonce: str) -> dict[str, str]:
    return {
        "cache-control": "no-store",
        "content-security-policy": (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
