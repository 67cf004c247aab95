import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker
from starlette.testclient import TestClient

from analyzer.settings import Settings
from analyzer.store.database import open_database
from tests.ui.planted import HOSTILE, fill
from ui.app import create_app
from ui.security import host_name

HOME = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> sessionmaker[Session]:
    """One store for all tests here; none of them changes it."""
    opened = open_database(str(tmp_path_factory.mktemp("store") / "store.db"))
    fill(opened)
    return opened


@pytest.fixture(scope="module")
def client(store: sessionmaker[Session]) -> Iterator[TestClient]:
    with TestClient(create_app(store, Settings()), base_url=HOME) as client:
        yield client


def page_of(client: TestClient, path: str = "/") -> str:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    for path in ("/", "/en/", "/config", "/eget/styrsignal.js", "/no-such-page"):
        headers = client.get(path, headers={"accept": "text/html"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts and "unsafe" not in scripts.group(1) and "http" not in scripts.group(1)


def test_every_script_of_the_page_has_the_nonce_of_its_answer(client: TestClient) -> None:
    answer = client.get("/", headers={"accept": "text/html"})
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
    tags = re.findall(r"<script[^>]*>", answer.text)
    assert nonce and len(tags) >= 5
    assert all(f'nonce="{nonce.group(1)}"' in tag for tag in tags)
    assert nonce.group(1) not in page_of(client)


def test_pages_are_in_their_language_and_name_no_other_host(client: TestClient) -> None:
    for path, language in (("/", "sv"), ("/en/", "en")):
        page = page_of(client, path)
        assert f'<html lang="{language}"' in re.sub(r"\s+", " ", page)
        head = page.split("window.gradio_config")[0]
        assert not re.findall(r"(?:src|href|content)=\"https?://", head)


@pytest.mark.parametrize("path", ["/openapi.json", "/gradio_api/openapi.json", "/en/gradio_api/openapi.json"])
def test_nothing_describes_the_inside(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_handler_is_offered_as_an_api(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()
    assert info["named_endpoints"] == {} and info["unnamed_endpoints"] == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_foreign_page_cannot_act(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/gradio_api/queue/join", json={}, headers=headers)
    assert answer.status_code == 403


def test_our_own_page_can_act(client: TestClient) -> None:
    answer = client.post("/gradio_api/queue/join", json={}, headers={"origin": HOME, "sec-fetch-site": "same-origin"})
    assert answer.status_code != 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:7860", ""])
def test_another_name_that_points_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403


def test_other_names_are_allowed_where_asked_for(store: sessionmaker[Session]) -> None:
    app = create_app(store, Settings(), hosts=("styrsignal.intern",))
    with TestClient(app, base_url="http://styrsignal.intern") as client:
        assert client.get("/").status_code == 200
        assert client.get("/", headers={"host": "localhost"}).status_code == 403


@pytest.mark.parametrize(("host", "name"), [("[::1]:7860", "::1"), ("LOCALHOST", "localhost"), ("", ""), ("[", "")])
def test_host_names(host: str, name: str) -> None:
    assert host_name(host.lower()) == name


def test_files_of_the_server_are_not_served(client: TestClient, store: sessionmaker[Session]) -> None:
    database = store.kw["bind"].url.database
    for path in (database, "/etc/passwd", "pyproject.toml"):
        assert client.get(f"/gradio_api/file={path}").status_code in (403, 404)


def test_no_document_text_stands_in_the_page_itself(client: TestClient) -> None:
    assert HOSTILE not in page_of(client)
    assert "Polisregion" not in json.dumps(client.get("/config").json(), ensure_ascii=False)
