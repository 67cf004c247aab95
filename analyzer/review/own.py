"""What each person keeps for themselves: saved filters under names of their own, and preferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from analyzer.errors import UsageError
from analyzer.store.schema import PreferenceRow, SavedViewRow

LONGEST_NAME = 120


def save_view(session: Session, person: str, name: str, values: Mapping[str, Any]) -> str:
    """Keep a filter under a name, in place of an earlier one of that name. Returns the name as kept.

    Raises:
        UsageError: the name is empty or too long.
    """
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise UsageError(f"Ge vyn ett namn på högst {LONGEST_NAME} tecken.")
    session.merge(SavedViewRow(person=person, name=tidy, filter=dict(values)))
    return tidy


def view_names(session: Session, person: str) -> Sequence[str]:
    """The person's saved filters by name."""
    names = session.scalars(select(SavedViewRow.name).where(SavedViewRow.person == person)).all()
    return sorted(names, key=str.casefold)


def load_view(session: Session, person: str, name: str) -> dict[str, Any] | None:
    """A saved filter, None where there is none of that name."""
    row = session.get(SavedViewRow, (person, name))
    return row.filter if row else None


def delete_view(session: Session, person: str, name: str) -> bool:
    """Forget a saved filter. False where there was none."""
    gone = session.execute(delete(SavedViewRow).where(SavedViewRow.person == person, SavedViewRow.name == name))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def preference(session: Session, person: str, name: str) -> dict[str, Any]:
    """What the person wants otherwise than the default; empty for nothing."""
    row = session.get(PreferenceRow, (person, name))
    return row.value if row else {}


def set_preference(session: Session, person: str, name: str, value: Mapping[str, Any]) -> None:
    """Keep what the person wants; nothing means the default again."""
    session.execute(delete(PreferenceRow).where(PreferenceRow.person == person, PreferenceRow.name == name))
    if value:
        session.add(PreferenceRow(person=person, name=name, value=dict(value)))
        session.flush()
