"""Every handler of the pages, listed from the application itself, asks for its right however it is called."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import gradio as gr
import pytest
from sqlalchemy import inspect as look_at

from analyzer.accounts.roles import LEAST_ROLE, RIGHTS, ROLES, may
from tests.ui.people import DENIED, PEOPLE, Town, blocks_of, rows_in, town
from ui.access import HANDLER_RIGHTS, name_of, right_of
from ui.frame import lacks, needs
from ui.language import load_language
from ui.pages import LIMITED
from ui.theme import STYLE

LANGUAGES = ("sv", "en")
PREFIX = {"sv": "", "en": "/en"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("rights") / "store.db") as place:
        yield place


def handlers(place: Town, language: str) -> dict[int, Any]:
    """Every event of the pages that runs something here."""
    return {number: event for number, event in blocks_of(place.app)[language].fns.items() if event.fn is not None}


def everything(place: Town) -> dict[str, list[Any]]:
    """The whole store, but for who was last seen when."""
    tables = look_at(place.sessions.kw["bind"]).get_table_names()
    return rows_in(
        place.sessions, [table for table in tables if table not in ("logins", "attempts", "alembic_version")]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_handler_is_guarded_by_a_right_of_the_table(place: Town, language: str) -> None:
    found = handlers(place, language)
    assert len(found) > 50
    unlisted = {name_of(event.fn) for event in found.values()} - HANDLER_RIGHTS.keys()
    assert not unlisted, f"ui/rights.toml says nothing of {sorted(unlisted)}"
    for event in found.values():
        assert event.fn.right == HANDLER_RIGHTS[name_of(event.fn)]


def test_table_names_only_handlers_and_rights_that_there_are(place: Town) -> None:
    names = {name_of(event.fn) for event in handlers(place, "sv").values()}
    assert HANDLER_RIGHTS.keys() == names
    assert set(HANDLER_RIGHTS.values()) <= set(RIGHTS)


#: Controls whose handlers say for whom they are there: filled with nobody, or shown to those who may alone.
SHOWN_BY_HANDLERS = {"ReviewPage.assign_pair", "ReviewPage.adjudicate"}


def test_who_may_not_use_a_control_does_not_see_it(place: Town) -> None:
    """Whatever starts a handler stands in something that the style hides from those without the handler's right."""
    style, hidden = STYLE.read_text(encoding="utf-8"), 0
    for event in handlers(place, "sv").values():
        right = right_of(event.fn)
        if right in ("see", "check_draft", "save_view") or name_of(event.fn) in SHOWN_BY_HANDLERS:
            continue
        for target, _event in event.targets:
            control = blocks_of(place.app)["sv"].blocks.get(target)
            if not isinstance(control, gr.components.Component):
                continue  # a page that is loaded, or what follows another handler
            around = list(holders(control))
            classes = {name for one in around for name in one.elem_classes or []}
            tabs = {one.id for one in around if isinstance(one, gr.Tab)}
            told = [one for one in LIMITED if LEAST_ROLE[one] == LEAST_ROLE[right]]
            rules = [f".{lacks(one)}) .{needs(one)}" for one in told if needs(one) in classes]
            rules += [f'.{lacks(one)}) button[data-tab-id="{tab}"]' for one in told for tab in tabs]
            assert any(rule in style for rule in rules), (name_of(event.fn), right)
            hidden += 1
    assert hidden > 30


def holders(block: Any) -> Iterator[Any]:
    """A block and all that it stands in."""
    while block is not None:
        yield block
        block = block.parent


def test_handlers_that_write_ask_for_more_than_seeing() -> None:
    more = {name for name, right in HANDLER_RIGHTS.items() if right != "see"}
    for verb in ("deciding", "undo", "keep", "take_in", "adjudicate", "assign_pair", "make", "add", "confirm"):
        assert any(name.endswith(f".{verb}") for name in more), verb


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [None, *ROLES])
def test_called_directly_every_handler_denies_who_lacks_the_right(place: Town, language: str, role: str | None) -> None:
    request, before, denied = place.request(role), everything(place), 0
    for event in handlers(place, language).values():
        if role is not None and may(role, right_of(event.fn)):
            continue
        with pytest.raises(gr.Error) as refusal:
            answer = event.fn(request, *(None for _ in event.inputs))
            next(answer)  # a generator begins with the first step
        assert is_denial(str(refusal.value.message), language, role)
        denied += 1
    assert everything(place) == before
    assert denied == sum(not (role and may(role, right_of(event.fn))) for event in handlers(place, language).values())
    assert denied or role == "administrator"


@pytest.mark.parametrize("role", ROLES)
def test_called_directly_no_handler_denies_who_has_the_right(place: Town, role: str) -> None:
    request, before, passed = place.request(role), everything(place), 0
    for event in handlers(place, "sv").values():
        if not may(role, right_of(event.fn)):
            continue
        passed += 1
        try:
            answer = event.fn(request, *(None for _ in event.inputs))
            if inspect.isgenerator(answer):
                next(answer)
        except gr.Error as error:  # nothing was chosen or filled in
            assert not is_denial(str(error.message), "sv", role)
        except (TypeError, AttributeError, ValueError):  # nor handed over
            pass
    assert passed > 20
    # Readers change nothing but what is their own: views, keys, and that they did is logged.
    own = ("audit", "audit_head", "preferences", "saved_views")
    after = everything(place)
    assert role != "reader" or {t: after[t] for t in after if t not in own} == {
        t: before[t] for t in before if t not in own
    }


def test_request_without_a_session_is_nobodys(place: Town) -> None:
    for event in handlers(place, "sv").values():
        with pytest.raises(gr.Error):
            answer = event.fn(None, *(None for _ in event.inputs))
            next(answer)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_called_over_http_every_handler_denies_who_lacks_the_right(place: Town, language: str, role: str) -> None:
    client, before, asked, numbers = place.client(role), everything(place), 0, count()
    for number, event in handlers(place, language).items():
        if may(role, right_of(event.fn)):
            continue
        asked += 1
        body = {"data": [None for _ in event.inputs], "fn_index": number, "session_hash": f"{role}{next(numbers)}"}
        if event.queue:
            told = ask_queue(client, PREFIX[language], body)
        else:
            answer = client.post(f"{PREFIX[language]}/gradio_api/run/predict", json=body)
            assert answer.status_code == 500
            told = answer.json()["error"]
            named = client.post(f"{PREFIX[language]}/gradio_api/run/{event.api_name or 'none'}", json=body)
            assert named.status_code != 200
        assert is_denial(told, language, role), name_of(event.fn)
    assert everything(place) == before
    assert asked or role == "administrator"


@pytest.mark.parametrize("language", LANGUAGES)
def test_called_over_http_no_handler_runs_for_a_stranger(place: Town, language: str) -> None:
    client, before = place.client(), everything(place)
    for number, event in handlers(place, language).items():
        body = {"data": [None for _ in event.inputs], "fn_index": number, "session_hash": "stranger"}
        for path in ("run/predict", "queue/join", "api/predict", "call/predict"):
            assert client.post(f"{PREFIX[language]}/gradio_api/{path}", json=body).status_code == 401
    assert everything(place) == before


def test_person_with_the_right_is_served_over_http(place: Town) -> None:
    number = next(n for n, event in handlers(place, "sv").items() if name_of(event.fn) == "Entrance.greet")
    for role in ROLES:
        body = {"data": [], "fn_index": number, "session_hash": f"greet{role}"}
        answer = place.client(role).post("/gradio_api/run/predict", json=body)
        assert answer.status_code == 200
        who, own, leave = answer.json()["data"]
        assert PEOPLE[role] in who["value"] and own["visible"] and leave["visible"]
        hidden = {lacks(right) for right in LIMITED if not may(role, right)}
        assert set(who["elem_classes"]) - {"muted"} == hidden


def ask_queue(client: Any, prefix: str, body: dict[str, Any]) -> str:
    """Call a handler through the queue; what it answers in the end."""
    joined = client.post(f"{prefix}/gradio_api/queue/join", json=body)
    assert joined.status_code == 200
    with client.stream("GET", f"{prefix}/gradio_api/queue/data?session_hash={body['session_hash']}") as stream:
        for line in stream.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if message.get("msg") == "process_completed":
                assert message["success"] is False
                return str(message["output"]["error"])
    raise AssertionError("the queue did not answer")


def is_denial(text: str, language: str, role: str | None) -> bool:
    """Whether the text says that the role may not, or to strangers that they are to log in."""
    expected = load_language(language)("access.log_in_again") if role is None else DENIED[language]
    return text.startswith(expected)
