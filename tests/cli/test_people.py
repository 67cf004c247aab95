"""Accounts and the audit log from the command line, and what `serve` refuses."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PASSWORD = "korrekt häst batteri"


def with_password(folder: Path, password: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that reads a password from a pipe."""
    command = [Path(sys.executable).with_name("styrsignal"), *arguments]
    return subprocess.run(
        command, cwd=folder, input=password + "\n", capture_output=True, text=True, timeout=120, env=os.environ
    )


def test_accounts_from_first_to_shut(styrsignal: Run, tmp_path: Path) -> None:
    assert "styrsignal users add" in styrsignal("users", "list").stdout
    assert with_password(tmp_path, PASSWORD, "users", "add", "Anna", "--role", "administratör").returncode == 0
    assert with_password(tmp_path, PASSWORD, "users", "add", "bo", "--role", "reader").returncode == 0
    assert styrsignal("users", "role", "bo", "granskare").returncode == 0
    assert with_password(tmp_path, PASSWORD + " nytt", "users", "password", "bo").returncode == 0
    assert styrsignal("users", "disable", "bo").returncode == 0
    listed = json.loads(styrsignal("users", "list", "--json", "-").stdout)
    assert listed == [
        {"name": "anna", "role": "administrator", "disabled": False},
        {"name": "bo", "role": "reviewer", "disabled": True},
    ]
    assert styrsignal("users", "disable", "bo", "--undo").returncode == 0
    rows = json.loads(styrsignal("audit", "list", "--json", "-").stdout)
    acts = ["user_added", "user_added", "role_changed", "password_changed", "user_shut", "user_opened"]
    assert [row["act"] for row in rows] == acts
    assert all(row["person"].endswith("(kommandorad)") for row in rows)
    assert PASSWORD not in json.dumps(rows, ensure_ascii=False)


@pytest.mark.parametrize(
    ("password", "name", "role", "told"),
    [
        ("kort", "bo", "läsare", "för kort"),
        ("", "bo", "läsare", "standard in"),
        (PASSWORD, "bo", "chef", "finns inte"),
        (PASSWORD, "b o", "läsare", "går inte att använda"),
    ],
)
def test_refused_accounts_are_not_added(tmp_path: Path, password: str, name: str, role: str, told: str) -> None:
    answer = with_password(tmp_path, password, "users", "add", name, "--role", role)
    assert answer.returncode == 2 and told in answer.stderr and "Traceback" not in answer.stderr


def test_no_command_takes_a_password_as_an_argument(styrsignal: Run) -> None:
    for command in ("add", "password"):
        words = styrsignal("users", command, "--help", COLUMNS="200").stdout
        assert "--password" not in words and "standard in" in words


def test_edited_log_is_found_and_a_kept_sum_too(styrsignal: Run, tmp_path: Path) -> None:
    with_password(tmp_path, PASSWORD, "users", "add", "anna", "--role", "administratör")
    whole = styrsignal("audit", "check")
    assert whole.returncode == 0 and "1 rader" in whole.stdout
    assert styrsignal("audit", "check", "--expect", whole.stdout.split()[-1]).returncode == 0
    assert "kontrollsumman" in styrsignal("audit", "check", "--expect", "f" * 64).stderr
    with sqlite3.connect(tmp_path / "styrsignal.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET person = 'någon annan'")
    connection.close()
    broken = styrsignal("audit", "check")
    assert broken.returncode == 2 and "rad 1 är ändrad" in broken.stderr


def test_open_interface_is_not_served_to_others(styrsignal: Run) -> None:
    for arguments in (("--host", "0.0.0.0"), ("--allow", "styrsignal.polisen.se")):
        answer = styrsignal("serve", *arguments)
        assert answer.returncode == 2 and 'access = "local"' in answer.stderr


def test_backup_and_loading_it_are_logged(styrsignal: Run, tmp_path: Path) -> None:
    with_password(tmp_path, PASSWORD, "users", "add", "anna", "--role", "administratör")
    assert styrsignal("backup", "kopia.jsonl.gz").returncode == 0
    assert styrsignal("load", "kopia.jsonl.gz", "--db", "ny.db").returncode == 0
    acts = [
        json.loads(styrsignal("audit", "list", "--json", "-", "--db", db).stdout) for db in ("styrsignal.db", "ny.db")
    ]
    assert [[row["act"] for row in rows] for rows in acts] == [["user_added", "backup"], ["user_added", "load"]]
    assert styrsignal("audit", "check", "--db", "ny.db").returncode == 0
