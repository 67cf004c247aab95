"""How a long job tells how far it has come, to whoever shows it: a terminal, a page, or nobody."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives stages by name ("read", "embed", "propose", "prepare", "judge", "explain", "store") and their steps."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins with `total` steps, None where the number is not known."""

    def advance(self, steps: int = 1) -> None:
        """So many more steps of the present stage are done."""


class Silent:
    """Shows nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Say nothing of the stage."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing of the steps."""
