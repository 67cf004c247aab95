"""Any chat model on the user's own network as second reader: off unless set, bounded, and its failures are told once.

What it answers at a given prompt is kept between runs. A run that it fails goes on without it.
"""

from __future__ import annotations

import logging
import math
import os
import time
import weakref
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import anyio
import httpx
import numpy as np
from anyio.from_thread import start_blocking_portal

from analyzer.errors import UsageError
from analyzer.fingerprint import package_fingerprint
from analyzer.records import Reason, Side, Verdict
from analyzer.second_reader.chat_answer import Answer, Question, find_span, load_prompt, make_question, read_answer
from analyzer.second_reader.chat_memory import AnswerMemory
from analyzer.second_reader.chat_server import ChatServer, NoAnswer
from analyzer.settings import Settings

LOG = logging.getLogger(__name__)
#: Beside the settings and the default database. May be deleted at any time.
MEMORY_FILE = Path("styrsignal-chat.db")
#: Never a setting: settings are files that people copy and show.
KEY_VARIABLE = "STYRSIGNAL_CHAT_KEY"
#: A chat model that is certain is not: beyond these its figures say nothing.
SUREST = 0.98
#: This many questions in a row without any answer from the server, and it is left alone.
FAILURES_IN_A_ROW = 5
SERVER_FAILURES = {"unreachable", "refused", "slow"}


class ChatReader:
    """One run's reader: the limits hold for all that it is asked, over however many calls."""

    def __init__(
        self, server: ChatServer, model: str, memory: Path, *, seconds: float, total_seconds: float, pairs: int
    ) -> None:
        """`seconds` bounds one pair, `total_seconds` and `pairs` the reader's life; remembered answers cost nothing."""
        self.name = f"chat-{model}-{package_fingerprint('analyzer.second_reader')}-{pairs}"
        self._server, self._model, self._memory = server, model, AnswerMemory(memory)
        self._seconds, self._seconds_left, self._pairs_left = seconds, total_seconds, pairs
        self._in_a_row = 0
        self._given_up = False
        self._answers: dict[str, Answer | None] = {}
        #: Pairs by what came of them: "answered" or a cause; and "spans", quotes that the text does not hold.
        self.counts: Counter[str] = Counter()
        #: Tells the failures, on the first call alone; made when nobody needs the reader any more if not before.
        self.close = weakref.finalize(self, report, self.counts, self._memory, model, server.host)

    @classmethod
    def load(cls, settings: Settings) -> ChatReader:
        """Raises UsageError when address, model or key cannot be used. The server is not contacted yet."""
        if not settings.chat_address or not settings.chat_model:
            raise UsageError('second_reader = "chat" behöver chat_address och chat_model; ange båda i styrsignal.toml.')
        return cls(
            ChatServer(settings.chat_address, os.environ.get(KEY_VARIABLE)),
            settings.chat_model,
            MEMORY_FILE.resolve(),
            seconds=settings.chat_seconds,
            total_seconds=settings.chat_total_seconds,
            pairs=settings.chat_pairs,
        )

    def odds(self, pairs: Sequence[tuple[Side, Side]]) -> np.ndarray:
        """See `SecondReader.odds`."""
        return np.array([log_odds(verdict.probability) if verdict else np.nan for verdict in self.verdicts(pairs)])

    def verdicts(self, pairs: Sequence[tuple[Side, Side]]) -> list[Verdict | None]:
        """What the model says of each pair, in its own words as the one reason; None where there is no answer.

        It names one type and no shares of types. Its evidence is what the sides' texts hold exactly.
        """
        questions = [make_question(self._model, *pair) for pair in pairs]
        fresh = {question.key: question for question in questions if question.key not in self._answers}
        unknown = [question for question in fresh.values() if not self._recall(question)]
        if unknown:
            # In a thread of its own, since the caller's may already run an event loop.
            with start_blocking_portal() as portal:
                portal.call(self._ask_all, unknown)
        return [self._verdict(question) for question in questions]

    def _recall(self, question: Question) -> bool:
        stored = self._memory.recall(question.key)
        answer = read_answer(stored) if stored else None
        if answer is not None:
            self._take(question, answer)
        return answer is not None

    async def _ask_all(self, questions: Sequence[Question]) -> None:
        async with self._server.open_client() as client:
            for question in questions:
                try:
                    answer = await self._ask(client, question)
                except NoAnswer as failure:
                    self.counts[failure.cause] += 1
                    self._answers[question.key] = None
                    self._in_a_row = self._in_a_row + 1 if failure.cause in SERVER_FAILURES else 0
                    self._given_up |= failure.hopeless or self._in_a_row >= FAILURES_IN_A_ROW
                else:
                    self._in_a_row = 0
                    self._take(question, answer)
                    self._memory.keep(question.key, answer.model_dump_json())

    async def _ask(self, client: httpx.AsyncClient, question: Question) -> Answer:
        if obstacle := self._obstacle(question):
            raise NoAnswer(obstacle)
        self._pairs_left -= 1
        limit = min(self._seconds, self._seconds_left)
        begin = time.monotonic()
        try:
            with anyio.fail_after(limit):
                text = await self._server.ask(client, question)
        except TimeoutError as error:
            raise NoAnswer("slow" if limit == self._seconds else "out_of_time") from error
        finally:
            self._seconds_left -= time.monotonic() - begin
        answer = read_answer(text)
        if answer is None:
            raise NoAnswer("unreadable")
        if not answer.consistent:
            raise NoAnswer("inconsistent")
        return answer

    def _obstacle(self, question: Question) -> str | None:
        """Why a question is not even asked, None where it is."""
        if question.too_long:
            return "long"
        if self._given_up:
            return "given_up"
        if self._pairs_left <= 0:
            return "too_many"
        return "out_of_time" if self._seconds_left <= 0 else None

    def _take(self, question: Question, answer: Answer) -> None:
        self._answers[question.key] = answer
        self.counts["answered"] += 1
        for side, quote in ((question.a, answer.evidence_a), (question.b, answer.evidence_b)):
            if quote and find_span(side, quote) is None:
                self.counts["spans"] += 1

    def _verdict(self, question: Question) -> Verdict | None:
        answer = self._answers[question.key]
        if answer is None:
            return None
        spans = find_span(question.a, answer.evidence_a), find_span(question.b, answer.evidence_b)
        reason = Reason("chat", answer.line, round(log_odds(answer.probability), 3))
        return Verdict(
            answer.probability,
            answer.type,
            answer.grade,
            {},
            *(spans[::-1] if question.swapped else spans),
            (reason,) if reason.text else (),
        )


def log_odds(probability: float) -> float:
    bounded = min(max(probability, 1 - SUREST), SUREST)
    return math.log(bounded / (1 - bounded))


def report(counts: Counter[str], memory: AnswerMemory, model: str, host: str) -> None:
    """Tell in a sentence each what stayed unanswered, was misquoted or cannot be kept; nothing where all is well."""
    texts = load_prompt()["report"]
    failures = [(cause, number) for cause, number in counts.most_common() if cause in texts["causes"]]
    if failures:
        asked = counts["answered"] + sum(number for _, number in failures)
        remedies = [texts["remedies"][cause] for cause, _ in failures if cause in texts["remedies"]]
        LOG.warning(
            texts["summary"].format(
                model=model,
                host=host,
                answered=counts["answered"],
                asked=asked,
                causes=", ".join(f"{texts['causes'][cause]}: {number}" for cause, number in failures),
                remedy=remedies[0] if remedies else "",
            )
        )
    if counts["spans"]:
        LOG.warning(texts["spans"].format(model=model, number=counts["spans"]))
    if memory.broken:
        LOG.warning(texts["memory"].format(path=memory.path))
