"""Where the governing verb of a Swedish sentence stands, and what lies in subordinate clauses. Works on words alone;
one pass, linear in the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.verbs import FINITE, INFINITIVES, VerbReading, guess_infinitive, read_verb
from analyzer.signals.words import Words

#: Words after an auxiliary within which its verb is looked for.
REACH = 60
#: Words of a role after "som", at most.
ROLE = 8


@dataclass(frozen=True, slots=True)
class Clauses:
    """`subordinate[i]`: word i lies in a subordinate clause. `finite`: places of the main clause's finite verbs."""

    subordinate: list[bool]
    finite: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in place: `words[start:end]` is the verb, its particle perhaps apart at `particle`."""

    start: int
    reading: VerbReading
    particle: int | None = None

    @property
    def passive(self) -> bool:
        return self.reading.form in ("passive infinitive", "passive present")


@cache
def clause_words() -> dict[str, Any]:
    """The clauses lexicon with its lists as sets."""
    lexicon = load_lexicon("clauses")
    return {key: frozenset(value) if isinstance(value, list) else value for key, value in lexicon.items()}


@cache
def auxiliaries() -> dict[str, dict[str, Any]]:
    """Auxiliary → its row in modality.toml."""
    return load_lexicon("modality")["auxiliary"]


def is_finite(word: str) -> bool:
    """Whether the word may be a finite verb: an auxiliary or a listed present or past."""
    return word in auxiliaries() or any(reading.form in FINITE for reading in read_verb(word))


def is_finite_at(words: Words, at: int) -> bool:
    """As `is_finite`, but a past form that stands as an adjective ("den beslutade planen") is none."""
    word = words.lower[at]
    if word in auxiliaries():
        return True
    if word == "var" and words.lower[at + 1 : at + 2] and words.lower[at + 1] in clause_words()["not_var_before"]:
        return False
    forms = {reading.form for reading in read_verb(word)} & FINITE
    if forms == {"past"}:
        previous = words.lower[at - 1] if at else "§"
        return not (
            previous in ("§", ":")
            or previous in clause_words()["determiners"]
            or is_finite(previous)
            or previous.endswith(("s", "liga", "ella", "iska", "ade", "nde"))
            or previous.endswith(tuple(clause_words()["adverb_endings"]))
        )
    return bool(forms)


def is_infinitive(word: str) -> bool:
    """Whether the lexicon reads the word as an infinitive."""
    return any(reading.form in INFINITIVES for reading in read_verb(word))


def opens_infinitive(words: Words, at: int) -> bool:
    """Whether the "att" at word `at` marks an infinitive: one follows before any finite verb that is not a relative
    clause's own. Only an adverbial ("att i samverkan med …") may keep it waiting for long."""
    sets = clause_words()
    following = words.lower[at + 1] if at + 1 < len(words) else ""
    reach = REACH if following in sets["delays"] else 3
    relatives = 0
    for place in range(at + 1, min(len(words), at + 1 + reach)):
        word = words.lower[place]
        if is_infinitive(word) and words.lower[place - 1] != "som" and not (relatives and is_finite(word)):
            return True
        if place == at + 1 and guess_infinitive(word) and not words.is_capital(place):
            return True
        if word in ("som", "när", "där", "vilka") and place > at + 1:
            relatives += 1
        elif is_finite(word):
            if not relatives:
                return False
            relatives -= 1
        elif word in (".", ";") or (word in sets["pronouns"] and place == at + 1):
            return False
    return False


def opens_clause(words: Words, at: int, start: int) -> bool:
    """Whether word `at` opens a subordinate clause of the sentence that begins at `start`."""
    sets, word = clause_words(), words.lower[at]
    following = words.lower[at + 1] if at + 1 < len(words) else ""
    if word == "att":
        return not opens_infinitive(words, at)
    if word == "som":
        if at > start and words.lower[at - 1] in ("vad", "vilka", "vem", "vilken", "vilket"):
            return False
        return following not in sets["after_som"]
    if at > start and words.lower[at - 1] in sets["subordinators"] and word in sets["subordinators"]:
        return False
    if word in sets["after_so"]:
        return at > start and words.lower[at - 1] == "så" and following not in ("som", "möjligt")
    if word in sets["subordinators"]:
        return following not in sets["not_before"].get(word, ()) and not (
            word in ("då", "där") and (is_finite(following) or is_infinitive(following))
        )
    if word == "om":
        previous = words.lower[at - 1] if at > start else ","
        if at > start + 1 and words.lower[at - 2] == "i" and previous == "fråga":
            return False
        opens = previous in sets["before_om"] or previous in ",;(–-" or previous in sets["asking_verbs"]
        return opens or following in sets["after_om"]
    if word in ("innan", "sedan") and not (following and is_finite_at(words, at + 1)):
        return at == start or words.lower[at - 1] == ","
    return False


def read_clauses(words: Words, start: int, end: int) -> Clauses:
    """Subordinate stretches and main finite verbs of `words[start:end]`."""
    state = _ClauseState(words, start, end)
    for at in range(start, end):
        state.step(at)
    finite = state.finite or ([start] if state.inverted else state.recover())
    return Clauses([False] * start + state.subordinate, tuple(finite))


class _ClauseState:
    """What the pass over a sentence knows: clauses whose finite verb is still to come (`pending`), whether it is inside
    one, and which auxiliary still waits for its infinitive."""

    def __init__(self, words: Words, start: int, end: int) -> None:
        self.words, self.start, self.end = words, start, end
        self.subordinate: list[bool] = []
        self.finite: list[int] = []
        #: Finite verbs that a subordinate clause took, and the words that open one.
        self.taken: list[int] = []
        self.openers: list[int] = []
        self.pending = 0
        #: The last clause opened asks ("vilka … som"): a "som" in it opens no second one.
        self.asks = False
        self.inside = self.expecting = self.waiting = self.inverted = False

    def step(self, at: int) -> None:
        """Reads word `at`."""
        word = self.words.lower[at]
        if self.pending and self._ends_role(at, word):
            self.pending, self.inside = 0, False
        if word in ",;:." and not self.pending:
            self.inside = self.expecting = False
        elif opens_clause(self.words, at, self.start):
            self.openers.append(at)
            self._open(word)
        elif at == self.start and self._comes_first(at):
            self.inverted = self.inside = True
        elif is_infinitive(word) and (self.expecting or self._ends_inner(at)):
            self.inside = self.inside and self.expecting
            self.waiting = self.waiting and self.inside
            self.expecting = False
        elif is_finite_at(self.words, at) and not (is_infinitive(word) and self.finite and not self.pending):
            self._take_finite(at, word)
        elif self.pending and self._looks_finite(at):
            self.pending -= 1
        self.subordinate.append(self.inside)

    def recover(self) -> list[int]:
        """A whole sentence has a main verb: where every finite verb went to a clause, one clause had none of its own
        ("barn som målsägande ska höras"), and the last governing auxiliary, else the last verb, is the main one."""
        if self.start >= self.end:
            return []
        words, opened = self.words, self.openers[:1] == [self.start]
        if not words.is_capital(self.start) or len(self.taken) <= opened:
            return []
        governing = [at for at in self.taken[opened:] if auxiliaries().get(words.lower[at], {}).get("governs")]
        main = (governing or self.taken)[-1]
        if main - 1 in self.openers:
            return []
        stop = next((at for at in self.openers if at > main), self.end)
        for at in range(main, stop):
            self.subordinate[at - self.start] = False
        return [main]

    def _ends_role(self, at: int, word: str) -> bool:
        """ "ska, som ett led i planen, lämna", "ska som huvudman svara": a "som" without a verb names a role."""
        near = self.openers and self.words.lower[self.openers[-1]] == "som" and at - self.openers[-1] <= ROLE
        if not near or self.pending > 1 or not self.waiting or at == self.openers[-1] + 1:
            return False
        return word == "," or is_infinitive(word)

    def _open(self, word: str) -> None:
        if not (word == "som" and self.asks and self.pending):
            self.pending += 1
        self.asks = word in ("vilka", "vilken", "vilket", "vad", "vem", "hur")
        self.inside, self.expecting = True, False

    def _comes_first(self, at: int) -> bool:
        """A finite verb that opens the sentence supposes: "Finns det ledig plats ska …"."""
        word = self.words.lower[at]
        return is_finite_at(self.words, at) and not is_infinitive(word) and self.words.is_capital(at)

    def _ends_inner(self, at: int) -> bool:
        return self.waiting and not self.pending and self.words.lower[at - 1] != "att"

    def _take_finite(self, at: int, word: str) -> None:
        if self.pending:
            self.pending -= 1
            self.taken.append(at)
            self.asks = False
            self.expecting = word in auxiliaries()
            return
        self.inside, self.expecting = False, word in auxiliaries()
        self.waiting = self.expecting
        self.finite.append(at)

    def _looks_finite(self, at: int) -> bool:
        """A verb outside the lexicon right after "som", or a supine without its "har": "det att den kommit in"."""
        word, previous = self.words.lower[at], self.words.lower[at - 1] if at else ""
        guessed = (
            previous in ("som", "inte", "även", "också")
            and word.endswith(("r", "s", "de", "te"))
            and word not in clause_words()["adverbs"]
        )
        return guessed or any(reading.form == "supine" for reading in read_verb(word))
