"""Judging pairs of steering signals: features, classifier, type, grade, evidence and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzer.lean import without

if TYPE_CHECKING:
    from analyzer.scoring.judge import Judge, load_judge

__all__ = ["Judge", "load_judge"]


def __getattr__(name: str) -> Any:
    """Import the judge when it is first asked for; loading skops walks through all of scikit-learn."""
    if name in __all__:
        with without("torch"), without("pandas"):
            from analyzer.scoring import judge

        return getattr(judge, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
