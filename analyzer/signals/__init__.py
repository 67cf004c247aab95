"""Finding steering signals and reading their frames."""

from analyzer.signals.reader import SignalReader, load_reader

__all__ = ["SignalReader", "load_reader"]
