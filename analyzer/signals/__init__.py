"""Finding steering signals and reading their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzer.lean import without

if TYPE_CHECKING:
    from analyzer.signals.reader import SignalReader, load_reader

__all__ = ["SignalReader", "load_reader"]


def __getattr__(name: str) -> Any:
    """Import the reader, and spaCy with it, when it is first asked for: the lexicons beside it need neither."""
    if name in __all__:
        with without("torch"):
            from analyzer.signals import reader

        return getattr(reader, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
