"""Who may ask for what: Host, sites, the token of writes, names that climb."""

from __future__ import annotations

from pathlib import Path

import pytest
from viewing import Viewer, open_viewer

WRITE = "/"
"""The guard stands before the routes, so any address will do."""
LINK = {
    "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1",
}  # fmt: skip  # a table
"""What a browser sends where a person follows a link of another site."""


@pytest.mark.parametrize("host", ["127.0.0.1:8421", "localhost:8421", "LOCALHOST", "[::1]:8421", "127.0.0.1"])
def test_the_names_of_the_loopback_are_answered(viewer: Viewer, host: str) -> None:
    assert viewer.get("/", Host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "0.0.0.0:8421", "127.0.0.1.evil.example", "evil.example:8421", "", "10.0.0.7", "[::2]"]
)
def test_another_name_is_refused(viewer: Viewer, host: str) -> None:
    """A page of evil.example can point its name at 127.0.0.1, and then reads what answers (DNS rebinding)."""
    response = viewer.get("/", Host=host)
    assert response.status_code == 421
    assert "the address that harness view printed" in response.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_can_link_here_but_load_nothing(viewer: Viewer, site: str) -> None:
    link = {**LINK, "Sec-Fetch-Site": site}
    assert viewer.get("/", **link).status_code == 200
    by_script = {name: value for name, value in link.items() if name != "Sec-Fetch-User"}
    assert viewer.get("/", **by_script).status_code == 403, "a script went there, and no person clicked"
    assert viewer.get("/", **{**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert viewer.get("/static/app.css", **{**link, "Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert viewer.client.post(WRITE, data={"csrf": viewer.context.token}, headers=link).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8000", "https://127.0.0.1:8421"])
def test_another_origin_is_refused_though_it_knows_the_token(viewer: Viewer, origin: str) -> None:
    response = viewer.client.post(WRITE, data={"csrf": viewer.context.token}, headers={"Origin": origin})
    assert response.status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_needs_the_token_of_a_page(viewer: Viewer, method: str) -> None:
    own = {b"Origin": b"http://127.0.0.1:8421", b"Sec-Fetch-Site": b"same-origin"}
    for headers in ({}, own, {**own, b"X-CSRF-Token": b"guessed"}, {**own, b"X-CSRF-Token": b"\xe9"}):
        assert viewer.client.request(method, WRITE, headers=headers).status_code == 403
    right = {**own, b"X-CSRF-Token": viewer.context.token.encode()}
    assert viewer.client.request(method, WRITE, headers=right).status_code == 405


def test_the_token_may_stand_in_the_form_and_is_new_with_each_start(viewer: Viewer) -> None:
    refused = viewer.post(WRITE)
    assert (refused.status_code, "GET" in refused.headers["allow"]) == (405, True)
    again = open_viewer(viewer.project)
    response = again.client.post(WRITE, data={"csrf": viewer.context.token})
    assert response.status_code == 403
    assert "load it again" in response.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[1, 2]", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"note": "\\ud800"}', "application/json"),
        (b"\xff", ""),
    ],
)
def test_a_body_that_is_no_form_and_no_object_is_refused(viewer: Viewer, body: bytes, kind: str) -> None:
    headers = {"X-CSRF-Token": viewer.context.token, "Content-Type": kind}
    assert viewer.client.post(WRITE, content=body, headers=headers).status_code == 400


def test_a_body_that_is_too_large_is_refused(viewer: Viewer) -> None:
    assert viewer.post(WRITE, text="x" * 1_000_001).status_code == 413


@pytest.mark.parametrize("path", ["/", "/runs/small/", "/static/app.css", "/nothing"])
def test_every_answer_forbids_what_it_did_not_bring(viewer: Viewer, path: str) -> None:
    first, second = viewer.get(path), viewer.get(path)
    policy = first.headers["content-security-policy"]
    for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert policy != second.headers["content-security-policy"], "a nonce that is known beforehand is none"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"] == "no-store"


CLIMBING = [
    "..",
    "../..",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e",
    "..\\..",
    "/etc/passwd",
    "%00",
]


@pytest.mark.parametrize("name", [*CLIMBING, ".hidden"])
@pytest.mark.parametrize("address", ["/runs/{}/", "/static/{}", "/articles/{}"])
def test_a_name_that_is_not_listed_reaches_no_file(viewer: Viewer, address: str, name: str) -> None:
    """The folder above the runs holds one too: what climbs would find it."""
    (viewer.project / "manifest.json").write_bytes((viewer.run / "manifest.json").read_bytes())
    for given in (name, name.replace("/", "%2F").replace("\\", "%5C"), name.replace(".", "%2E").replace("/", "%2F")):
        response = viewer.client.get(address.format(given))
        assert response.status_code in (404, 405) or response.url.path in ("/", "/articles"), given
        assert "root:" not in response.text


@pytest.mark.parametrize("names", [(), ("desk.example",)])
def test_a_browser_shows_the_login_token_once_on_the_loopback_too(project: Path, names: tuple[str, ...]) -> None:
    viewer = open_viewer(project, names)
    viewer.client.cookies.clear()
    for path in ("/", "/?token=guessed", f"/?token={viewer.context.token}", "/static/app.css", "/runs/small/progress"):
        assert viewer.get(path).status_code == 403, "a page's token for writing lets nobody in"
    assert viewer.get("/", Cookie="harness-view-8421=guessed").status_code == 403
    assert viewer.get("/", Cookie=f"harness-view-8000={viewer.context.login}").status_code == 403
    entered = viewer.get(f"/runs/small/?token={viewer.context.login}&x=1")
    assert entered.status_code == 303
    assert entered.headers["location"] == "/runs/small/?x=1"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert viewer.get("/").status_code == 200
    assert viewer.post(WRITE).status_code == 405, "with the cookie and a page's token one may write"
    assert viewer.client.post(WRITE, data={"csrf": viewer.context.login}).status_code == 403


@pytest.mark.parametrize("other", ['prefs={"theme":"dark"}', "user@x=1", "naked", "a=b=c", 'x="', "=;;"])
def test_cookies_of_other_programs_on_this_machine_lock_nobody_out(viewer: Viewer, other: str) -> None:
    """A browser sends the cookies of all ports of a host with each request."""
    own = f"harness-view-8421={viewer.context.login}"
    viewer.client.cookies.clear()
    for sent in (f"{other}; {own}", f"{own}; {other}"):
        assert viewer.get("/", Cookie=sent).status_code == 200
    assert viewer.get("/", Cookie=other).status_code == 403


def test_where_others_are_let_in_its_names_and_addresses_are_answered(project: Path) -> None:
    viewer = open_viewer(project, names=("desk.example",))
    assert viewer.get("/", Host="192.168.0.9:8421").status_code == 200
    assert viewer.get("/", Host="desk.example:8421").status_code == 200
    assert viewer.get("/", Host="evil.example").status_code == 421


def test_a_link_that_stands_elsewhere_goes_on_from_a_page_of_ours(viewer: Viewer) -> None:
    """A browser keeps a strict cookie from a redirect that another site or a file began."""
    by_script = {name: value for name, value in LINK.items() if name != "Sec-Fetch-User"}
    entered = viewer.get(f"/runs/small/?token={viewer.context.login}&x=1", **by_script)
    assert entered.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/runs/small/?x=1">' in entered.text
    assert "SameSite=strict" in entered.headers["set-cookie"]


def test_a_link_of_a_report_on_disk_lets_in_who_has_the_cookie(viewer: Viewer) -> None:
    """A browser keeps a strict cookie from the first request, and sends it with the one that our page goes on to."""
    asked = "/runs/small/judge?sight=1&pair=x"
    viewer.client.cookies.clear()
    assert f"0;url={asked.replace('&', '&amp;')}" in viewer.get(asked, **LINK).text
    assert viewer.get(asked, **{**LINK, "Sec-Fetch-Site": "same-origin"}).status_code == 403
    assert viewer.get(asked, **{**LINK, "Sec-Fetch-Dest": "iframe"}).status_code == 403


def test_the_token_sends_no_browser_to_another_site(project: Path) -> None:
    viewer = open_viewer(project, names=("desk.example",))
    for path in ("//evil.example/", "/%2Fevil.example", "/\\evil.example"):
        response = viewer.client.get(f"http://127.0.0.1:8421{path}?token={viewer.context.login}")
        assert not response.headers["location"].startswith(("//", "/\\", "http")), response.headers["location"]
