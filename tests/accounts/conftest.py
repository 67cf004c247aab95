"""What the tests of accounts share: a clock that they set, and hashing that costs them little."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from analyzer.accounts import attempts, logins, passwords

GOOD = "korrekt häst batteri"


class Clock:
    """Now, as the program sees it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of log-ins and of failed attempts."""
    clock = Clock()
    monkeypatch.setattr(logins, "now", clock)
    monkeypatch.setattr(attempts, "now", clock)
    return clock


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least it can do."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", hasher)
    monkeypatch.setattr(passwords, "NOBODY", hasher.hash("nobody"))
