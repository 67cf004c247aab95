"""Errors that a user can do something about. Each message is one Swedish sentence: what is wrong, and what to do."""


class StyrsignalError(Exception):
    """Base of all expected errors; the command line prints the message and exits with 2."""


class UsageError(StyrsignalError):
    """The command was called in a way that cannot work."""


class NothingReadable(StyrsignalError):
    """None of the given files gave a document."""


class StoreError(StyrsignalError):
    """The database is missing, locked, read-only, damaged or not one of ours."""


class ModelError(StyrsignalError):
    """A model file is missing or is not the one that the manifest names."""


class ReadError(StyrsignalError):
    """One file could not be read. `code` is stable for tests and filters; see `analyzer.intake`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
