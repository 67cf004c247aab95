"""What a chat model must not bring down: nonsense, dawdling, errors, silence, and a damaged store of answers."""

from __future__ import annotations

import json
import logging
import socket
import sqlite3
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzer.second_reader.chat import FAILURES_IN_A_ROW
from analyzer.second_reader.chat_answer import LONGEST_PAIR
from tests.second_reader.chat_servers import (
    CONFLICT,
    NONE,
    OPEN,
    OTHER,
    SHUT,
    Asked,
    Behaviour,
    judge_well,
    make_reader,
    many,
    saying,
    serving,
    side,
)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in CONFLICT.items() if key != name}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Det beror på.",
        "{" * 30_000,
        '{"a":' * 5_000,
        "[]",
        None,
        ["text"],
        json.dumps(without("probability")),
        json.dumps(without("type")),
        json.dumps(CONFLICT | {"probability": 90}),
        json.dumps(CONFLICT | {"probability": float("nan")}),
        json.dumps(CONFLICT | {"type": "conflict"}),
        json.dumps(CONFLICT | {"grade": 3}),
        json.dumps(CONFLICT | {"reason": "\ud800"}),
        json.dumps(CONFLICT)[:-5],
    ],
)
def test_nonsense_is_no_answer(tmp_path: Path, content: Any) -> None:
    with serving(saying(content)) as chat:
        reader = make_reader(chat.address, tmp_path)
        assert np.isnan(reader.odds([(OPEN, SHUT)])).all()
    assert reader.counts == {"unreadable": 1}


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"{}", b'{"choices": []}', b'{"choices": [{"message": null}]}', b"\xff\xfe", b"[" * 99_999]
)
def test_a_reply_without_a_message_is_no_answer(tmp_path: Path, data: bytes) -> None:
    with serving(lambda asked: asked.reply(data)) as chat:
        reader = make_reader(chat.address, tmp_path)
        assert np.isnan(reader.odds([(OPEN, SHUT)])).all()
    assert reader.counts == {"unreadable": 1}


@pytest.mark.parametrize(
    "change",
    [{"type": "none"}, {"type": "duplicate"}, {"grade": 0}, {"probability": 0.2}, NONE | {"probability": 0.95}],
)
def test_an_answer_that_contradicts_itself_is_none(tmp_path: Path, change: dict[str, Any]) -> None:
    with serving(saying(json.dumps(CONFLICT | change))) as chat:
        reader = make_reader(chat.address, tmp_path)
        assert np.isnan(reader.odds([(OPEN, SHUT)])).all()
    assert reader.counts == {"inconsistent": 1}


def drip_body(asked: Asked) -> None:
    asked.send_response(200)
    asked.end_headers()
    while True:
        asked.wfile.write(b" ")
        time.sleep(0.02)


def drip_headers(asked: Asked) -> None:
    asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        asked.wfile.write(b"X-A: b\r\n")
        time.sleep(0.02)


def sleep(asked: Asked) -> None:
    time.sleep(6)
    judge_well(asked)


@pytest.mark.parametrize("behaviour", [sleep, drip_body, drip_headers])
def test_a_slow_answer_is_not_waited_for(tmp_path: Path, behaviour: Behaviour) -> None:
    with serving(behaviour) as chat:
        reader = make_reader(chat.address, tmp_path, seconds=0.3)
        begin = time.monotonic()
        assert np.isnan(reader.odds([(OPEN, SHUT)])).all()
        assert time.monotonic() - begin < 4
    assert reader.counts == {"slow": 1}


def test_one_slow_answer_leaves_the_next_pair_alone(tmp_path: Path) -> None:
    def slow_on_conflict(asked: Asked) -> None:
        sleep(asked) if SHUT.text in json.dumps(asked.pair(), ensure_ascii=False) else judge_well(asked)

    with serving(slow_on_conflict) as chat:
        odds = make_reader(chat.address, tmp_path, seconds=1.5).odds([(OPEN, SHUT), (OPEN, OTHER)])
    assert np.isnan(odds).tolist() == [True, False]


def test_the_total_time_is_bounded_over_calls(tmp_path: Path) -> None:
    def dawdle(asked: Asked) -> None:
        time.sleep(0.3)
        judge_well(asked)

    with serving(dawdle) as chat:
        reader = make_reader(chat.address, tmp_path, total_seconds=1.0)
        begin = time.monotonic()
        odds = np.concatenate([reader.odds(many(20)), reader.odds([(OPEN, SHUT)])])
        assert time.monotonic() - begin < 4
    assert 1 <= np.isfinite(odds).sum() <= 4 and np.isnan(odds[-1])
    assert reader.counts["answered"] + reader.counts["out_of_time"] == 21


def test_the_number_of_pairs_is_bounded_over_calls(tmp_path: Path) -> None:
    with serving(judge_well) as chat:
        reader = make_reader(chat.address, tmp_path, pairs=3)
        first, second = reader.odds(many(2)), reader.odds(many(5))
    assert np.isfinite(first).all() and np.isnan(second).tolist() == [False, False, False, True, True]
    assert len(chat.calls) == 3 and reader.counts == {"answered": 3, "too_many": 2}


def test_a_pair_that_is_too_long_is_not_sent(tmp_path: Path) -> None:
    with serving(judge_well) as chat:
        reader = make_reader(chat.address, tmp_path)
        odds = reader.odds([(side("Enheten ska redovisa. " * LONGEST_PAIR), SHUT), (OPEN, SHUT)])
    assert np.isnan(odds).tolist() == [True, False] and len(chat.calls) == 1


def test_an_endless_reply_is_cut(tmp_path: Path) -> None:
    def flood(asked: Asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        while True:
            asked.wfile.write(b" " * 65_536)

    with serving(flood) as chat:
        reader = make_reader(chat.address, tmp_path)
        reader.odds([(OPEN, SHUT)])
    assert reader.counts == {"unreadable": 1}


def test_nobody_at_the_address(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        reader = make_reader(f"http://127.0.0.1:{free.getsockname()[1]}/v1", tmp_path)
        assert np.isnan(reader.odds(many(12))).all()
    assert reader.counts == {"unreachable": FAILURES_IN_A_ROW, "given_up": 12 - FAILURES_IN_A_ROW}
    reader.close()
    reader.close()
    assert len(caplog.records) == 1 and "0 av 12 par" in caplog.text and "chat_address" in caplog.text


@pytest.mark.parametrize("behaviour", [lambda asked: asked.wfile.write(b"SSH-2.0\r\n"), lambda asked: None])
def test_what_is_no_web_server_gives_no_answer(tmp_path: Path, behaviour: Behaviour) -> None:
    with serving(behaviour) as chat:
        reader = make_reader(chat.address, tmp_path)
        assert np.isnan(reader.odds([(OPEN, SHUT)])).all()
    assert reader.counts == {"unreachable": 1}


@pytest.mark.parametrize(("status", "asked_for"), [(401, 1), (404, 1), (429, FAILURES_IN_A_ROW)])
def test_a_server_that_answers_with_errors_is_left_alone(tmp_path: Path, status: int, asked_for: int) -> None:
    with serving(lambda asked: asked.reply(b'{"error": "nej"}', status)) as chat:
        reader = make_reader(chat.address, tmp_path)
        assert np.isnan(reader.odds(many(9))).all()
        assert np.isnan(reader.odds([(OPEN, SHUT)])).all()
    assert len(chat.calls) == asked_for
    assert reader.counts == {"refused": asked_for, "given_up": 10 - asked_for}


def test_failures_are_told_once_when_the_run_is_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def forgetful(asked: Asked) -> None:
        asked.say("Vet inte.") if OPEN.text in json.dumps(asked.pair(), ensure_ascii=False) else judge_well(asked)

    with serving(forgetful) as chat:
        reader = make_reader(chat.address, tmp_path)
        for _ in range(2):
            assert np.isnan(reader.odds([(OPEN, SHUT), *many(2)])).tolist() == [True, False, False]
        assert not caplog.records
        del reader
    (record,) = caplog.records
    assert record.levelno == logging.WARNING and "2 av 3 par" in record.getMessage()
    assert OPEN.text not in caplog.text


def test_failures_are_not_remembered(tmp_path: Path) -> None:
    with serving(saying("Vet inte.")) as chat:
        make_reader(chat.address, tmp_path).odds([(OPEN, SHUT)])
    with serving(judge_well) as chat:
        assert np.isfinite(make_reader(chat.address, tmp_path).odds([(OPEN, SHUT)])).all()


@pytest.mark.parametrize("damage", ["no database", "folder", "answer"])
def test_a_damaged_memory_loses_no_answer(tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "chat.db"
    with serving(judge_well) as chat:
        if damage == "folder":
            path.mkdir()
        elif damage == "no database":
            path.write_text("ingen databas " * 100, encoding="utf-8")
        else:
            make_reader(chat.address, tmp_path).odds([(OPEN, SHUT)])
            with sqlite3.connect(path) as connection:
                connection.execute("UPDATE answers SET answer = '{'")
        reader = make_reader(chat.address, tmp_path)
        assert np.isfinite(reader.odds([(OPEN, SHUT)])).all()
    reader.close()
    assert ("Svarsminnet" in caplog.text) == (damage != "answer")
