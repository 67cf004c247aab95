import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from ui.access import VISITOR, Visitor
from ui.downloads import LIFETIME, MOST_EACH, Downloads

ANNA, BO = Visitor("anna", "reviewer"), Visitor("bo", "administrator")


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def downloads(clock: Clock) -> Downloads:
    return Downloads(clock)


def visit(downloads: Downloads, visitor: Visitor | None) -> TestClient:
    """A browser behind the gate, which has found this visitor."""
    app = Starlette(routes=[downloads.route()])

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if visitor is not None:
            scope[VISITOR] = visitor
        await app(scope, receive, send)

    return TestClient(gate)


def test_the_owner_gets_the_file_to_save(downloads: Downloads) -> None:
    address = downloads.offer("anna", 'Prövning: "plan"/../x\r\n<b>', "docx", lambda: b"PK...")
    answer = visit(downloads, ANNA).get(address)
    assert answer.status_code == 200 and answer.content == b"PK..." and answer.headers["cache-control"] == "no-store"
    told = answer.headers["content-disposition"]
    assert told == "attachment; filename*=utf-8''Pr%C3%B6vning%20plan%20..%20x%20b.docx"
    assert "wordprocessingml" in answer.headers["content-type"]


@pytest.mark.parametrize("visitor", [BO, None])
def test_nobody_else_gets_it(downloads: Downloads, visitor: Visitor | None) -> None:
    address = downloads.offer("anna", "x", "pdf", lambda: b"secret")
    answer = visit(downloads, visitor).get(address)
    assert answer.status_code == 404 and b"secret" not in answer.content
    assert visit(downloads, ANNA).get(address[:-1] + "_").status_code == 404


def test_a_file_is_forgotten_after_a_while(downloads: Downloads, clock: Clock) -> None:
    address = downloads.offer("anna", "x", "pdf", lambda: b"1")
    clock.now += LIFETIME
    assert visit(downloads, ANNA).get(address).status_code == 200
    clock.now += 1
    assert visit(downloads, ANNA).get(address).status_code == 404 and not downloads.kept


def test_one_person_fills_no_memory_but_their_own(downloads: Downloads) -> None:
    other = downloads.offer("bo", "x", "pdf", lambda: b"bo")
    addresses = [downloads.offer("anna", "x", "pdf", lambda: b"1") for _ in range(MOST_EACH + 5)]
    found = [visit(downloads, ANNA).get(address).status_code for address in addresses]
    assert found == [404] * 5 + [200] * MOST_EACH and visit(downloads, BO).get(other).status_code == 200
