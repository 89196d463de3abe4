"""Security: host names, login, other sites and origins, path traversal, hostile text."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import hostile
import pytest
from report_page import Element, parse
from viewing import Viewer, open_viewer

from harness.view.context import link

OWN = "http://127.0.0.1:8421"
LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
"""What a browser sends when a person follows a link on another site."""


def test_only_loopback_names_are_answered(viewer: Viewer) -> None:
    """Otherwise evil.example could resolve to 127.0.0.1 and read the answers (DNS rebinding)."""
    others = ("evil.example", "evil.example:8421", "127.0.0.1.evil.example", "0.0.0.0:8421", "", "10.0.0.7", "[::2]")
    for host in ("127.0.0.1:8421", "localhost:8421", "LOCALHOST", "[::1]:8421", "127.0.0.1"):
        assert viewer.get("/", Host=host).status_code == 200, host
    for host in others:
        assert viewer.get("/", Host=host).status_code == 421, host


def test_host_option_answers_names_and_addresses(project: Path) -> None:
    viewer = open_viewer(project, names=("desk.example",))
    for host, status in (("192.168.0.9:8421", 200), ("desk.example:8421", 200), ("evil.example", 421)):
        assert viewer.get("/", Host=host).status_code == status


@pytest.mark.parametrize("names", [(), ("desk.example",)])
def test_token_is_exchanged_for_a_cookie(project: Path, names: tuple[str, ...]) -> None:
    viewer = open_viewer(project, names)
    viewer.client.cookies.clear()
    for path in ("/", "/?token=guessed", "/static/app.css", "/runs/small/"):
        assert viewer.get(path).status_code == 403
    entered = viewer.get(f"/runs/small/?token={viewer.context.login}&x=1")
    assert (entered.status_code, entered.headers["location"]) == (303, "/runs/small/?x=1")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert viewer.get("/").status_code == 200


def test_only_the_cookie_of_this_port_logs_in(viewer: Viewer) -> None:
    """Browsers send a cookie to every port of a host."""
    own, login = f"harness-view-8421={viewer.context.login}", viewer.context.login
    others = ('prefs={"theme":"dark"}', "user@x=1", "naked", "a=b=c", 'x="', "=;;")
    viewer.client.cookies.clear()
    for sent in (own, *(f"{other}; {own}" for other in others), *(f"{own}; {other}" for other in others)):
        assert viewer.get("/", Cookie=sent).status_code == 200, sent
    for sent in (*others, f"harness-view-8000={login}", f"harness-view={login}", "harness-view-8421=guessed"):
        assert viewer.get("/", Cookie=sent).status_code == 403, sent


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_link_but_not_load(viewer: Viewer, site: str) -> None:
    link = {**LINK, "Sec-Fetch-Site": site}
    assert viewer.get("/", **link).status_code == 200
    assert viewer.get("/", **{**link, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert viewer.get("/static/app.css", **{**link, "Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert viewer.client.post("/", headers={**link, "Origin": OWN}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_write_needs_the_servers_origin(viewer: Viewer, method: str) -> None:
    for origin in ("http://evil", "null", "http://127.0.0.1:8000", "https://127.0.0.1:8421"):
        assert viewer.client.request(method, "/", headers={"Origin": origin}).status_code == 403, origin
    assert viewer.client.request(method, "/").status_code == 403
    assert viewer.client.request(method, "/", headers={"Origin": OWN}).status_code == 405, "no such route"


def test_invalid_or_oversized_body_is_refused(viewer: Viewer) -> None:
    for body, status in ((b"\xff", 400), (b"no form", 400), (b"x" * 1_000_001, 413)):
        assert viewer.client.post("/rescore", content=body, headers={"Origin": OWN}).status_code == status


def test_every_response_has_a_policy_with_a_new_nonce(viewer: Viewer) -> None:
    for path in ("/", "/runs/small/", "/static/app.css", "/nothing"):
        first, second = viewer.get(path), viewer.get(path)
        policy = first.headers["content-security-policy"]
        for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert policy != second.headers["content-security-policy"]
        assert first.headers["x-content-type-options"] == "nosniff"
        assert first.headers["cache-control"] == "no-store"


TRAVERSALS = (
    "..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e", "..\\..", "/etc/passwd", "%00", ".hidden",
)  # fmt: skip  # a list


@pytest.mark.parametrize("address", ["/runs/{}/", "/static/{}", "/articles/{}"])
def test_path_traversal_reaches_no_file(viewer: Viewer, address: str) -> None:
    """The folder above the runs also has a manifest, which a traversal would find."""
    (viewer.project / "manifest.json").write_bytes((viewer.run / "manifest.json").read_bytes())
    for name in TRAVERSALS:
        slashes = name.replace("/", "%2F")
        for given in (name, slashes.replace("\\", "%5C"), slashes.replace(".", "%2E")):
            response = viewer.client.get(address.format(given))
            assert response.status_code in (404, 405) or response.url.path in ("/", "/articles"), given
            assert "root:" not in response.text


def test_symlinked_run_outside_the_folder_returns_404(viewer: Viewer, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    viewer.run.rename(moved)
    viewer.run.symlink_to(moved)
    assert viewer.get("/runs/small/").status_code == 404


def test_login_redirect_stays_on_this_server(project: Path) -> None:
    viewer = open_viewer(project)
    for path in ("//evil.example/", "/%2Fevil.example", "/\\evil.example"):
        location = viewer.client.get(f"{OWN}{path}?token={viewer.context.login}").headers["location"]
        assert not location.startswith(("//", "/\\", "http")), location


RUN, ARTICLE = link("runs", hostile.NAME), link("articles", hostile.NAME)
QUOTED = RUN.removeprefix("/runs/")
PAGES = [
    "/",
    f"{RUN}/",
    link("runs", hostile.NAME, "articles", hostile.NAME),
    "/articles",
    ARTICLE,
    f"{ARTICLE}?suggest=1",
    f"{ARTICLE}?{urlencode(dict.fromkeys(('statement', 'evidence', 'contradictions'), hostile.STRINGS[0]))}",
    link("articles", hostile.NAME, "facts", hostile.ID),
    f"/compare?run={QUOTED}",
    f"/nothing/{hostile.NAME}",
    f"{RUN}/judge",
    "/review",
    "/search?q=window",
    f"/search?{urlencode({'q': hostile.STRINGS[0]})}",
    f"{RUN}/agreement",
    f"/articles?run={QUOTED}",
]


@pytest.fixture(scope="module")
def hostile_viewer(tmp_path_factory: pytest.TempPathFactory) -> Viewer:
    viewer = open_viewer(hostile.make_project(tmp_path_factory.mktemp("hostile")))
    viewer.post(f"{RUN}/judge", annotator=hostile.STRINGS[0])
    return viewer


def find_visible_text(tree: Element) -> str:
    """The text outside scripts and styles."""
    elements = [element for element in tree.all() if element.tag not in ("script", "style")]
    return "".join(child for element in elements for child in element.children if isinstance(child, str))


@pytest.mark.parametrize("path", PAGES)
def test_hostile_text_becomes_no_element_attribute_or_address(hostile_viewer: Viewer, path: str) -> None:
    response = hostile_viewer.get(path)
    assert response.status_code in (200, 404)
    tree = parse(response.text)
    assert {"img", "iframe", "base", "animate", "object", "embed"}.isdisjoint(element.tag for element in tree.all())
    for element in tree.all():
        attributes = element.attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        for name in ("href", "src", "action", "formaction"):
            assert re.match(r"$|[/#.?](?!/)|data:,$", attributes.get(name, "")), attributes
        if element.tag in ("script", "style"):
            assert attributes["nonce"] in response.headers["content-security-policy"]
        assert "http-equiv" not in attributes
    assert "7006652" not in find_visible_text(tree)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", response.text)


def test_pages_contain_the_hostile_text(hostile_viewer: Viewer) -> None:
    """Otherwise the tests above would prove nothing."""
    for path in PAGES[1:3] + PAGES[4:7]:
        text = find_visible_text(parse(hostile_viewer.get(path).text))
        assert "<script>window.ran=1</script>" in text, path
    assert "<img src=x onerror=window.ran=1>" in find_visible_text(parse(hostile_viewer.get("/").text))
