"""Strangers see the log-in page only, sessions begin and end, and nobody gets another person's file or page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from analyzer.accounts.audit import audit_rows, check_audit
from analyzer.accounts.users import add_user, set_disabled
from tests.ui.people import HOME, PASSWORD, PEOPLE, Town, blocks_of, town
from ui.access import COOKIE, SECURE_COOKIE, name_of

PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("gate") / "store.db", trusted_proxies=("10.0.0.1",)) as place:
        yield place


def enter(client: TestClient, name: str, password: str = PASSWORD, **more: Any) -> Any:
    data = {"name": name, "password": password, "next": more.pop("next", "/")}
    return client.post("/logga-in", data=data, **more)


@pytest.mark.parametrize(
    "path",
    [
        "/config",
        "/theme.css",
        "/manifest.json",
        "/user",
        "/monitoring",
        "/no-such-page",
        "/assets/index.js",
        "/gradio_api/info",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/queue/data?session_hash=a",
        "/gradio_api/heartbeat/a",
        "/en/config",
        "/en/gradio_api/info",
    ],
)
def test_stranger_is_answered_with_a_plain_no(place: Town, path: str) -> None:
    answer = place.client().get(path)
    assert answer.status_code == 401 and "login" not in answer.headers.get("set-cookie", "")


def test_stranger_cannot_upload(place: Town) -> None:
    answer = place.client().post("/gradio_api/upload", files={"files": ("a.txt", b"hej")})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/logga-in"),
        ("/en/", "/en/log-in"),
        ("/?par=2", "/logga-in?next=%2F%3Fpar%3D2"),
        ("/en/?par=2", "/en/log-in?next=%2Fen%2F%3Fpar%3D2"),
        ("/no-such-page", "/logga-in"),
    ],
)
def test_stranger_who_wants_a_page_is_sent_to_log_in_and_back(place: Town, path: str, target: str) -> None:
    client = place.client()
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 303 and answer.headers["location"] == target
    form = client.get(target, headers=PAGE).text
    back = re.search(r'name="next" value="([^"]*)"', form)
    assert back
    entered = enter(client, "siv", next=back[1].replace("&amp;", "&"))
    assert entered.status_code == 303
    assert entered.headers["location"] == (path if "par" in path else "/en/" if "en" in target else "/")
    assert client.get(entered.headers["location"], headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/logga-ut", "\n/", ""],
)
def test_nobody_is_sent_elsewhere_after_logging_in(place: Town, target: str) -> None:
    assert enter(place.client(), "siv", next=target).headers["location"] == "/"


def test_link_from_elsewhere_is_asked_for_again_with_the_strict_cookie(place: Town) -> None:
    elsewhere = {**PAGE, "sec-fetch-site": "cross-site"}
    answer = place.client().get("/?par=2", headers=elsewhere)
    assert answer.status_code == 200 and 'http-equiv="refresh"' in answer.text and "<script" not in answer.text


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(place: Town) -> None:
    cookie = enter(place.client(), "siv").headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=") and "httponly" in cookie and "samesite=strict" in cookie
    assert "secure" not in cookie and "domain" not in cookie and "max-age" not in cookie


def test_cookie_is_secure_where_a_trusted_proxy_says_https(place: Town) -> None:
    https = {"x-forwarded-proto": "https"}
    cookie = enter(place.client(client=("10.0.0.1", 1)), "siv", headers=https).headers["set-cookie"]
    assert cookie.startswith(f"{SECURE_COOKIE}=") and "Secure" in cookie and "Path=/" in cookie
    assert enter(place.client(client=("10.0.0.2", 1)), "siv", headers=https).headers["set-cookie"].startswith(COOKIE)
    # A cookie that came without https is not taken over https: somebody on the way may have set it.
    client = place.client("reader", client=("10.0.0.1", 1))
    assert client.get("/config").status_code == 200
    assert client.get("/config", headers=https).status_code == 401


@pytest.mark.parametrize(("name", "password"), [("siv", "fel"), ("ingen", PASSWORD), ("", ""), ("siv", "x" * 5000)])
def test_wrong_name_and_wrong_password_look_alike(place: Town, name: str, password: str) -> None:
    client = place.client(client=("10.7.0.1", 1))
    answer = enter(client, name, password)
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert 'role="alert">Namnet eller lösenordet stämmer inte.' in answer.text
    assert password not in answer.text or not password


def test_guessing_is_slowed_down_and_the_wait_told(place: Town) -> None:
    with place.sessions.begin() as session:
        add_user(session, "ivar", "reader", PASSWORD)
    client = place.client(client=("10.7.0.2", 1))
    answers = [enter(client, "ivar", "fel").status_code for _ in range(5)]
    locked = enter(client, "ivar")
    assert answers == [401] * 5 and locked.status_code == 429 and int(locked.headers["retry-after"]) >= 1
    assert "set-cookie" not in locked.headers


def test_forwarded_addresses_count_only_from_a_trusted_proxy(place: Town) -> None:
    for client, expected in (("10.0.0.1", "192.0.2.7"), ("10.0.0.9", "10.0.0.9")):
        headers = {"x-forwarded-for": "203.0.113.5, 192.0.2.7"}
        enter(place.client(client=(client, 1)), "siv", headers=headers)
        with place.sessions() as session:
            assert expected in audit_rows(session, act="login", limit=1)[0].details


def test_name_is_shown_again_but_as_text(place: Town) -> None:
    answer = enter(place.client(client=("10.7.0.3", 1)), '"><script>alert(1)</script>', "fel")
    assert "<script>alert" not in answer.text and "&lt;script&gt;" in answer.text


def test_form_of_another_site_or_of_any_size_is_not_read(place: Town) -> None:
    client = place.client()
    assert enter(client, "siv", headers={"origin": "https://evil.example"}).status_code == 403
    assert enter(client, "siv", "x" * 10_000).status_code == 413


def test_log_in_page_is_whole_without_scripts(place: Town) -> None:
    for path, language in (("/logga-in", "sv"), ("/en/log-in", "en")):
        answer = place.client().get(path, headers=PAGE)
        assert f'<html lang="{language}"' in answer.text and "<script" not in answer.text
        assert "autofocus" in answer.text and answer.text.count("<label for=") == 2
        assert "unsafe" not in re.search(r"script-src ([^;]*)", answer.headers["content-security-policy"])[1]  # type: ignore[index]
        assert place.client().get("/eget/login.css").status_code == 200


def test_logging_in_gives_a_new_session_and_ends_the_old(place: Town) -> None:
    client = place.client()
    enter(client, "siv")
    old = client.cookies[COOKIE]
    enter(client, "siv")
    assert client.cookies[COOKIE] != old
    stale = place.client()
    stale.cookies.set(COOKIE, old, domain="127.0.0.1")
    assert client.get("/config").status_code == 200 and stale.get("/config").status_code == 401


def test_logging_out_ends_the_session_in_the_store(place: Town) -> None:
    client = place.client()
    enter(client, "siv")
    token = client.cookies[COOKIE]
    assert client.get("/logga-ut", headers={"sec-fetch-dest": "image"}).status_code == 303
    client.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert client.get("/config").status_code == 200  # a picture in a document logs nobody out
    assert client.get("/logga-ut", headers={"sec-fetch-dest": "document"}).headers["location"] == "/logga-in?left=1"
    client.cookies.set(COOKIE, token, domain="127.0.0.1")
    assert client.get("/config").status_code == 401


def test_shut_account_is_out_at_its_next_request(place: Town) -> None:
    with place.sessions.begin() as session:
        add_user(session, "olle", "strategist", PASSWORD)
    client = place.client()
    enter(client, "olle")
    assert client.get("/config").status_code == 200
    with place.sessions.begin() as session:
        set_disabled(session, "olle", True)
    assert client.get("/config").status_code == 401


@pytest.mark.parametrize(
    "path", ["proxy=http://example.com/", "file=http://example.com/", "component_server", "deep_link", "call/x", "runs"]
)
def test_what_the_pages_do_not_use_is_closed_also_to_an_administrator(place: Town, path: str) -> None:
    client = place.client("administrator")
    for prefix in ("", "/en"):
        assert client.get(f"{prefix}/gradio_api/{path}").status_code == 404
        assert client.post(f"{prefix}/gradio_api/{path}", json={}).status_code == 404


def upload(client: TestClient, content: bytes) -> str:
    answer = client.post("/gradio_api/upload", files={"files": ("hemligt utkast.txt", content)})
    assert answer.status_code == 200
    return str(answer.json()[0])


def call(place: Town, client: TestClient, name: str, data: list[Any], session: str) -> Any:
    """Call a handler of the Swedish pages by its name."""
    number = next(n for n, event in blocks_of(place.app)["sv"].fns.items() if event.fn and name_of(event.fn) == name)
    body = {"data": data, "fn_index": number, "session_hash": session}
    return client.post("/gradio_api/run/predict", json=body)


def test_upload_is_for_whoever_brought_it(place: Town) -> None:
    owner, other = place.client("reader"), place.client("administrator")
    path = upload(owner, b"Myndigheten ska spara.")
    for prefix in ("", "/en"):
        assert owner.get(f"{prefix}/gradio_api/file={path}").content == b"Myndigheten ska spara."
        assert other.get(f"{prefix}/gradio_api/file={path}").status_code == 404
        assert place.client().get(f"{prefix}/gradio_api/file={path}").status_code == 401
    for disguise in (path.replace("/", "//"), path.replace("/tmp", "/tmp/../tmp"), path.replace("/tmp", "/tmp/.")):
        assert other.get(f"/gradio_api/file={disguise}").status_code == 404
    upload(other, b"Myndigheten ska spara.")  # the same content, so the same path: now it is theirs too
    assert other.get(f"/gradio_api/file={path}").status_code == 200


@pytest.mark.parametrize("named", ["upload", "address", "/etc/passwd"])
def test_no_handler_takes_a_file_that_is_not_the_callers(place: Town, named: str) -> None:
    owner, other = place.client("strategist"), place.client("administrator")
    path = upload(owner, b"Regionen ska vinta.") if named == "upload" else named
    path = "http://127.0.0.1:9/utkast.txt" if named == "address" else path
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    for data in ([file, file, file], [[file], [file], [file]]):
        answer = call(place, other, "OverviewPage.fill", data, "files")
        assert answer.status_code == 500 and "loggad" in answer.json()["error"]


def test_page_of_one_person_is_not_answered_to_another(place: Town) -> None:
    one, two = place.client("reader"), place.client("administrator")
    assert call(place, one, "Entrance.greet", [], "ruts-page").status_code == 200
    refused = call(place, two, "Entrance.greet", [], "ruts-page")
    assert refused.status_code == 500 and "loggad" in refused.json()["error"]
    assert two.get("/gradio_api/queue/data?session_hash=ruts-page").status_code == 404
    assert two.get("/gradio_api/heartbeat/ruts-page").status_code == 404


def test_everything_that_happened_here_is_in_a_whole_log(place: Town) -> None:
    enter(place.client(), PEOPLE["reviewer"])
    with place.sessions() as session:
        state = check_audit(session)
        assert state.fault == "" and state.rows > 0
        assert audit_rows(session, person=PEOPLE["reviewer"])[0].act == "login"


PROXY = ("10.0.0.1", 1)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    groups = {"polisen-granskare": "granskare", "polisen-it": "administrator"}
    settings = {"access": "header", "trusted_proxies": ("10.0.0.0/30",), "role_groups": groups}
    with town(tmp_path_factory.mktemp("behind") / "store.db", **settings) as place:
        yield place


def named(name: str, groups: str) -> list[tuple[str, str]]:
    return [("x-forwarded-preferred-username", name), ("x-forwarded-groups", groups)]


@pytest.mark.parametrize(
    ("client", "headers", "who"),
    [
        (PROXY, named("anna", "polisen-granskare"), ("anna", "Granskare")),
        (PROXY, named("anna", "alla, polisen-it ,polisen-granskare"), ("anna", "Administratör")),
        (PROXY, named("anna", "administrator"), None),  # only the groups of the settings count
        (PROXY, named("anna", ""), None),
        (PROXY, named("", "polisen-it"), None),
        (PROXY, [], None),
        (PROXY, [*named("anna", "polisen-it"), ("x-forwarded-preferred-username", "bo")], None),
        (("10.0.0.9", 1), named("anna", "polisen-it"), None),
        (("10.0.0.9", 1), [*named("anna", "polisen-it"), ("x-forwarded-for", "10.0.0.1")], None),
    ],
)
def test_only_a_trusted_proxy_says_who_is_there(
    behind: Town, client: tuple[str, int], headers: list[tuple[str, str]], who: tuple[str, str] | None
) -> None:
    browser = TestClient(behind.app, base_url=HOME, follow_redirects=False, client=client)
    answer = browser.get("/", headers=[("accept", "text/html"), *headers])
    assert answer.status_code == (200 if who else 403)
    number = next(
        n for n, event in blocks_of(behind.app)["sv"].fns.items() if event.fn and name_of(event.fn) == "Entrance.greet"
    )
    body = {"data": [], "fn_index": number, "session_hash": f"page{len(headers)}{client[0]}{headers}"}
    greeted = browser.post("/gradio_api/run/predict", json=body, headers=headers)
    if who is None:
        assert greeted.status_code == 403
    else:
        assert all(word.lower() in greeted.json()["data"][0]["value"].lower() for word in who)


def test_accounts_are_no_way_in_behind_a_proxy(behind: Town) -> None:
    browser = TestClient(behind.app, base_url=HOME, follow_redirects=False, client=PROXY)
    assert enter(browser, "ada").headers["location"] == "/" and not browser.cookies
    browser.cookies.set(COOKIE, behind.token("administrator"), domain="127.0.0.1")
    assert browser.get("/config").status_code == 403


def test_open_site_knows_one_person_and_needs_no_log_in(tmp_path_factory: pytest.TempPathFactory) -> None:
    with town(tmp_path_factory.mktemp("open") / "store.db", access="open", reviewer="handläggare") as place:
        client = place.client()
        assert client.get("/logga-in").headers["location"] == "/"
        assert client.get("/config").json()["username"] == "handläggare"
