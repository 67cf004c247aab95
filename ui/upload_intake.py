"""An upload that waits for its person, between the reading of its files and the taking in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ui.jobs import Job
from ui.metadata_form import FIELDS, changes_of, form_values
from ui.uploads import LookAnswer, Looked

#: What a file is whose name the store has with another content.
VERSION, OWN = "version", "own"


@dataclass(frozen=True, slots=True)
class Intake:
    """An upload that waits for its person: what was found in it, and what they have put right and answered so far."""

    job: Job
    answer: LookAnswer
    values: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def find(self, key: str | None) -> Looked | None:
        """The document of this key."""
        return next((one for one in self.answer.documents if one.key == key), None)

    def values_of(self, document: Looked) -> list[str]:
        """The form of a document as it stands."""
        return self.values.get(document.key) or form_values(document.metadata)

    def corrections(self) -> dict[str, dict[str, Any]]:
        """What differs from intake's guesses, by key."""
        told = {
            one.key: changes_of(one.metadata, dict(zip(FIELDS, self.values_of(one), strict=True)))
            for one in self.answer.documents
        }
        return {key: changes for key, changes in told.items() if changes}
