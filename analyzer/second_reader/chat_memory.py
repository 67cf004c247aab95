"""Answers of chat models that outlive the program: one SQLite table, key to answer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID"
BUSY_SECONDS = 5


class AnswerMemory:
    """Opened anew for each access, which costs little beside an answer, so that any thread may use it.

    A file that cannot be used is told by `broken` and then left alone: answers are lost, never the run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.broken = False

    def recall(self, key: str) -> str | None:
        """The stored answer, None where there is none."""
        rows = self._run("SELECT answer FROM answers WHERE key = ?", (key,))
        return rows[0][0] if rows and isinstance(rows[0][0], str) else None

    def keep(self, key: str, answer: str) -> None:
        """Store an answer; it is on disk when this returns."""
        self._run("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, answer))

    def _run(self, statement: str, values: tuple[str, ...]) -> list[tuple[object, ...]]:
        if self.broken:
            return []
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as connection, connection:
                connection.execute(TABLE)
                return connection.execute(statement, values).fetchall()
        except sqlite3.Error:
            self.broken = True
            return []
