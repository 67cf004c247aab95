"""One test over every entry of a lexicon: thousands of parametrised tests are slow to collect, a loop is not."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any


def for_every(cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Runs a test on every case (a tuple where it takes several arguments) and names each one that fails. A test
    without cases fails too."""
    listed = list(cases)

    def decorate(test: Callable[..., None]) -> Callable[[], None]:
        single = len(inspect.signature(test).parameters) == 1

        def run() -> None:
            assert listed, "there is nothing to test"
            failures = []
            for case in listed:
                try:
                    test(*((case,) if single else case))
                except AssertionError as error:
                    failures.append(f"{case!r}: {str(error).splitlines()[0] if str(error) else 'is not so'}")
            assert not failures, "\n".join(failures)

        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorate
