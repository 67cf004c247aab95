"""spaCy's entity ruler, for patterns that few words can begin: it looks closely only where one of these words stands.

spaCy's matcher tries every pattern on every word, in Python where a pattern holds a list or a regular expression.
Here each *form* is tried once against the tokens that a pattern cannot do without (its anchors), and the matcher
runs on the words around such forms only.
"""

from __future__ import annotations

import re
from typing import Any

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

_MOST = re.compile(r"\{\d*,?(\d+)\}")


@Language.factory("fixed_entities", assigns=["doc.ents", "token.ent_type", "token.ent_iob"])
def make_fixed_entities(nlp: Language, name: str) -> FixedEntities:
    """Make the component without patterns."""
    return FixedEntities(nlp, name)


class FixedEntities(EntityRuler):
    """An entity ruler whose token patterns ask for nothing but a token's form, and are of limited length."""

    _longest: int

    def __init__(self, nlp: Language, name: str) -> None:
        super().__init__(nlp, name)
        self.clear()

    def match(self, doc: Doc) -> list[tuple[int, int, int]]:
        """The matches as (id, start, end), the longest first."""
        self._require_patterns()
        found = {(key, start, end) for key, start, end in self.phrase_matcher(doc)}
        for first, last in self._windows(doc):
            found.update((key, first + start, first + end) for key, start, end in self.matcher(doc[first:last]))
        return sorted((m for m in found if m[1] != m[2]), key=lambda m: (m[1] - m[2], m[1], m[0]))

    def add_patterns(self, patterns: list[dict[str, Any]]) -> None:
        """Add patterns, and learn their anchors."""
        patterns = list(patterns)
        super().add_patterns(patterns)
        tokens = [pattern["pattern"] for pattern in patterns if isinstance(pattern["pattern"], list)]
        self._longest = max([self._longest, *(sum(map(_most, pattern)) for pattern in tokens)])
        for number, pattern in enumerate(tokens, len(self._anchors)):
            self._anchors.add(str(number), [[_anchor(pattern)]])
        self._forms.clear()

    def clear(self) -> None:
        """Forget all patterns."""
        super().clear()
        self._anchors = Matcher(self.nlp.vocab)
        self._longest = 0
        #: Hash of a form → whether it is an anchor of some pattern.
        self._forms: dict[int, bool] = {}

    def _windows(self, doc: Doc) -> list[tuple[int, int]]:
        """The stretches of `doc` that hold every possible match, none touching another."""
        windows: list[tuple[int, int]] = []
        if not self.token_patterns:
            return windows
        forms = self._forms
        for i, form in enumerate(doc.to_array("ORTH").tolist()):
            anchor = forms.get(form)
            if anchor is None:
                anchor = forms[form] = bool(self._anchors(doc[i : i + 1]))
            if anchor:
                start, end = max(0, i - self._longest + 1), min(len(doc), i + self._longest)
                if windows and start <= windows[-1][1]:
                    start = windows.pop()[0]
                windows.append((start, end))
        return windows


def _most(token: dict[str, Any]) -> int:
    """How many tokens a part of a pattern can take."""
    operator = token.get("OP", "1")
    if operator in {"1", "?", "!"}:
        return 1
    limit = _MOST.fullmatch(operator)
    if limit is None:
        raise ValueError(f"no limit in the pattern {token}")
    return int(limit[1])


def _anchor(pattern: list[dict[str, Any]]) -> dict[str, Any]:
    """The last token that has to be there and says more of the form than a flag such as IS_TITLE does."""
    needed = [
        {key: value for key, value in t.items() if key != "OP"} for t in pattern if t.get("OP", "1")[0] not in "?!"
    ]
    telling = [token for token in needed if not all(key.startswith("IS_") for key in token)]
    return (telling or needed)[-1]
