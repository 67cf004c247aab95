"""What a document says it replaces is found among other documents, by number, title, or date and words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer.matching.replacing import Documents, names
from analyzer.matching.scope import read_scope
from analyzer.records import Frame, Side


def document(title: str, date: str | None = None, **more: str) -> Side:
    return Side("", Frame(), document=title, date=date, **more)  # type: ignore[arg-type]


NEW = document("Tjänsteföreskrift om lotsning (HFS 2026:2)", "2026-01-15", issuer="Polisregion Nord")
BY_DATE = "tjänsteföreskriften av den 2 maj 2019 om lotsar"
FOUND = [
    ("2019:4", document("HFS 2019:4 Tjänsteföreskrift om lotsar", "2019-05-02")),
    ("A1.2/2019", document("Föreskrift", registration_number="A1.2/2019")),
    (BY_DATE, document("Tjänsteföreskrift om lotsar och kranar", "2019-05-02")),
    ("Hamnverkets föreskrift om lotsar från 2019", document("Föreskrift om lotsar", "2019-05-02")),
    ("hamnplanen för 2025", document("Hamnplan 2025", "2024-11-01", issuer="Polisregion Nord")),
    ("Beslut om bogserbåtar", document("Beslut om bogserbåtar", "2026-02", issuer="Rikspolischefen")),
]
OTHER = [
    ("2019:4", document("Förordning om ändring i förordningen (2019:4)", "2020-05-02")),
    ("2019:4", document("HFS 2019:41 om kranar", "2019-05-02")),
    ("2019:4", document("HFS 2019:4 om lotsar", "2027-01-01")),
    (BY_DATE, document("Tjänsteföreskrift om lotsar", "2019-06-01")),
    ("föreskriften om lotsar", document("Föreskrift om lotsar och kranar", "2019-05-02")),
    ("hamnplanen för 2025", document("Hamnplan 2025", "2024-11-01", issuer="Polisregion Syd")),
    ("TF 2019:4", document("HFS 2019:4 om lotsar", "2019-05-02")),
    ("2019:4", document("Riktlinjer om förordningen (2019:4)", "2019-05-02")),
    ("Hamnplan 2025", document("Hamnplan 2025", "2024-11-01", issuer="Polisregion Syd")),
    ("planen för Region Syd 2025", document("Plan 2025 för Region Öst", "2024-11-01")),
    ("A1.2/2019", document("Föreskrift", "2027-05-01", registration_number="A1.2/2019")),
    ("Beslut om bogserbåtar", document("Beslut om bogserbåtar", "2025-02", issuer="Kriminalvården")),
    ("hamnplanen för 2025", document("Hamnplan 2024", "2023-11-01", issuer="Polisregion Nord")),
]


@pytest.mark.parametrize(("name", "old"), FOUND)
def test_the_older_document_is_found_and_the_gate_closes(name: str, old: Side) -> None:
    assert names(name, NEW, old) and Documents([NEW, old]).named(name, NEW) == [1]
    scope = read_scope([replace(NEW, replaces=(name,)), old, old])
    assert {at: others.tolist() for at, others in scope.replaced.items()} == {0: [1, 2], 1: [0], 2: [0]}
    assert not scope.meet(np.array([0, 0]), np.array([1, 2])).any()


@pytest.mark.parametrize(("name", "other"), OTHER)
def test_others_are_not(name: str, other: Side) -> None:
    assert not names(name, NEW, other) and Documents([NEW, other]).named(name, NEW) == []


def test_another_edition_may_have_the_same_title() -> None:
    assert names("H-1/2019", NEW, document(str(NEW.document), "2019-05-02", registration_number="H-1/2019"))


def test_a_document_does_not_replace_itself() -> None:
    assert not names("HFS 2026:2", NEW, NEW)
