"""The records that travel between the stages. Frozen: a stage makes new ones, it never edits.

Offsets are character offsets into `Document.text` (Python string indices, end exclusive). Dates are ISO
8601 strings, cut to the known precision ("2024", "2024-06" or "2024-06-01"); `None` means not stated.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Modality = Literal["obligation", "prohibition", "permission", "recommendation", "goal"]
Direction = Literal["increase", "decrease", "maintain", "start", "stop", "none"]
Priority = Literal["absolute", "high", "none"]
#: The act is to be done, to be left undone, or to be done in the named case alone.
Polarity = Literal["for", "against", "only"]
Comparator = Literal["min", "max", "exact"]
Level = Literal["law", "ordinance", "government decision", "national", "regional", "local"]
PassageKind = Literal["heading", "paragraph", "list_item", "table_row"]
ConflictType = Literal[
    "contradiction", "target", "responsibility", "priority", "resource", "goal_tension", "duplicate", "none"
]

LEVELS: tuple[Level, ...] = ("law", "ordinance", "government decision", "national", "regional", "local")
#: In the order in which the guidelines choose between types that both fit.
CONFLICT_TYPES: tuple[ConflictType, ...] = (
    "contradiction",
    "target",
    "responsibility",
    "priority",
    "resource",
    "goal_tension",
)
PAIR_TYPES: tuple[ConflictType, ...] = (*CONFLICT_TYPES, "duplicate", "none")


@dataclass(frozen=True, slots=True)
class Passage:
    """One block of a document: `document.text[start:end]` is its text, without list marker or heading mark."""

    ordinal: int
    kind: PassageKind
    start: int
    end: int
    #: 1-based page where the format has true pages (PDF), else None.
    page: int | None = None
    #: 1-based number among the document's passages that are not headings; for a heading, of the next one.
    paragraph: int = 1
    #: Headings above, outermost first; a heading's own text is not in its own path.
    heading_path: tuple[str, ...] = ()
    #: 0 outside lists; 1 for a top-level list item, 2 for one inside it.
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself, guessed by intake and correctable by people."""

    title: str | None = None
    issuer: str | None = None
    document_type: str | None = None
    level: Level | None = None
    date: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    registration_number: str | None = None
    addressees: tuple[str, ...] = ()
    #: Titles or numbers of documents that this one says it replaces.
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. `key` names it across versions; `sha256` is of `text` and so names the content."""

    key: str
    #: Path as given, or `path#id` for a record of a JSON Lines file.
    source: str
    sha256: str
    text: str
    passages: tuple[Passage, ...]
    metadata: Metadata = field(default_factory=Metadata)
    #: What the reader could not bring along and the user must know ("2 bilder utan text"), in Swedish.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that gave no document. `code` is stable, `reason` is one Swedish sentence with a remedy."""

    source: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `value` is in plain units ("3 miljoner kronor" → 3000000, "kronor")."""

    value: float
    unit: str
    comparator: Comparator = "exact"
    #: The words that were read, as they stand.
    text: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Who must do what, how much, by when and with what: the slots of the annotation guidelines, section 1."""

    addressee: tuple[str, ...] = ()
    modality: Modality = "obligation"
    action: str | None = None
    direction: Direction = "none"
    object: str | None = None
    quantity: tuple[Quantity, ...] = ()
    deadline: str | None = None
    #: (first day, last day), either None when open.
    period: tuple[str | None, str | None] | None = None
    #: "årligen", "varje månad" … as normalised by the lexicon, None when it happens once.
    recurrence: str | None = None
    priority: Priority = "none"
    resource: tuple[str, ...] = ()
    condition: str | None = None
    level: Level | None = None
    #: Goal poles that the signal serves ("speed+") or burdens ("speed-"); see the goal lexicon.
    goals: tuple[str, ...] = ()
    polarity: Polarity = "for"

    def as_json(self) -> dict[str, Any]:
        """The frame as the contract of `styrsignal extract` prints it: plain lists, dicts and None."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Signal:
    """The smallest piece of a document that steers. `document_text[start:end] == quote`, exactly."""

    ordinal: int
    quote: str
    start: int
    end: int
    frame: Frame
    lead_in: str | None = None
    lead_in_start: int | None = None
    lead_in_end: int | None = None
    passage: int = 0
    page: int | None = None
    heading: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Lead-in and quote as one readable text, the way labelled pairs write it: `lead-in … quote`."""
        return f"{self.lead_in} … {self.quote}" if self.lead_in else self.quote


@dataclass(frozen=True, slots=True)
class Side:
    """One signal of a pair with what the judge may know of it. Made from a stored signal or a labelled pair."""

    text: str
    frame: Frame
    document: str | None = None
    issuer: str | None = None
    level: Level | None = None
    date: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    addressee: str | None = None
    heading: tuple[str, ...] = ()
    #: Titles or numbers that the document says it replaces, and the number it goes by itself.
    replaces: tuple[str, ...] = ()
    registration_number: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Evidence inside a side's text: `side.text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the judge leans as it does: a stable code, a Swedish sentence, and the log-odds it adds to a conflict."""

    code: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's answer on one pair. `probability` is of any conflict (grade ≥ 1); `duplicate` and `none` are not."""

    probability: float
    type: ConflictType
    grade: int
    type_probabilities: dict[str, float]
    evidence_a: Span | None = None
    evidence_b: Span | None = None
    reasons: tuple[Reason, ...] = ()
