"""The end of `styrsignal serve`: quiet and within seconds, with a page open."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.xdist_group("serve")
#: Seconds for an end that takes three at most by itself, on a machine that may be busy.
MOST = 25


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def serve(folder: Path, port: int) -> subprocess.Popen[str]:
    """`styrsignal serve` in a process of its own."""
    command = [Path(sys.executable).with_name("styrsignal"), "serve", "--port", str(port), "--db", "store.db"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Until the server answers."""
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        with suppress(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{port}/", timeout=20)
            return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_quietly_with_a_page_open(sessions, tmp_path, told):
    port = free_port()
    process = serve(tmp_path, port)
    try:
        wait_for(port, process)
        # What an open page does: it keeps listening.
        with httpx.stream("GET", f"http://127.0.0.1:{port}/gradio_api/heartbeat/open", timeout=60) as stream:
            assert stream.status_code == 200 and next(stream.iter_raw()).startswith(b"data: ALIVE")
            process.send_signal(told)
            begin = time.monotonic()
            output, errors = process.communicate(timeout=60)
        assert time.monotonic() - begin < MOST
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, "")
    assert output.count("\n") == 1 and f":{port} " in output


def test_a_port_that_is_taken_is_told_in_a_line(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process = serve(tmp_path, listener.getsockname()[1])
        output, errors = process.communicate(timeout=200)
    assert process.returncode == 2 and output == "" and "välj en annan med --port" in errors and errors.count("\n") == 1
