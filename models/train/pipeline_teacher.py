"""A larger tagger and parser that never ships: it labels raw text, from which the small pipeline then learns.

Two bidirectional LSTM layers over word, affix, floret and neighbour vectors; a softmax over whole tags with one for
each feature beside it, and biaffine arcs (Dozat & Manning 2017).
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from spacy.lang.lex_attrs import word_shape
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from models.train.pipeline_corpus import Sentence, Word

BUCKETS = 6_000
HIDDEN, WORD, AFFIX, FLORET = 160, 64, 24, 96
TAG, ARC, RELATION = 200, 160, 64
DROP_WORD, DROP_INPUT, DROP_LAYER = 0.25, 0.25, 0.33
RATE, EPOCHS, BATCH_WORDS, WARM_UP = 2e-3, 15, 450, 60
SMOOTHING = 0.03

Encoded = dict[str, Tensor]


class Coder:
    """Turns sentences into numbers; tags and relations are those of the sentences that it is made from."""

    def __init__(self, sentences: list[Sentence], vector: Callable[[str], np.ndarray]) -> None:
        words = [word for sentence in sentences for word in sentence.words]
        counts = Counter(word.text.lower() for word in words)
        self.words = {word: row for row, (word, n) in enumerate(counts.most_common(), 1) if n > 1}
        self.tags = sorted({(word.pos, word.morph) for word in words})
        self.relations = sorted({word.dep for word in words})
        self._tag = {tag: i for i, tag in enumerate(self.tags)}
        self._relation = {name: i for i, name in enumerate(self.relations)}
        #: For the part of speech and every feature: how many values it has, and which of them each tag carries.
        self.features = [*_features(self.tags)]
        self._vector = vector
        self.width = len(vector("a"))

    def encode(self, sentence: Sentence) -> Encoded:
        """The tensors of one sentence; labels that are missing or unknown are -1."""
        words = sentence.words
        return {
            "word": torch.tensor([self.words.get(word.text.lower(), 0) for word in words]),
            "affix": torch.tensor([_affixes(word.text) for word in words]),
            "vector": torch.from_numpy(np.stack([self._vector(word.text) for word in words]).astype(np.float32)),
            "tag": torch.tensor([self._tag.get((word.pos, word.morph), -1) for word in words]),
            "head": torch.tensor([0 if word.dep == "ROOT" else word.head + 1 for word in words]),
            "relation": torch.tensor([self._relation.get(word.dep, -1) for word in words]),
        }


class Teacher(nn.Module):
    """The network; `forward` gives the scores of tags, features and heads, and the hidden states for relations."""

    def __init__(self, coder: Coder) -> None:
        super().__init__()
        self.coder = coder
        self.word = nn.Embedding(len(coder.words) + 1, WORD, padding_idx=0)
        self.affix = nn.Embedding(BUCKETS, AFFIX, padding_idx=0)
        for table in (self.word, self.affix):
            nn.init.normal_(table.weight, std=0.1)
        self.vector = nn.Linear(coder.width, FLORET)
        width = WORD + AFFIX * len(_affixes("a")) + FLORET
        self.first = nn.LSTM(width, HIDDEN, batch_first=True, bidirectional=True)
        self.second = nn.LSTM(2 * HIDDEN, HIDDEN, batch_first=True, bidirectional=True)
        self.tagging = nn.Linear(2 * HIDDEN + width, TAG)
        self.tag = nn.Linear(TAG, len(coder.tags))
        self.feature = nn.Linear(TAG, sum(count for count, _ in coder.features))
        self.root = nn.Parameter(torch.randn(2 * HIDDEN) * 0.1)
        self.arc_head, self.arc_word = nn.Linear(2 * HIDDEN, ARC), nn.Linear(2 * HIDDEN, ARC)
        self.relation_head, self.relation_word = nn.Linear(2 * HIDDEN, RELATION), nn.Linear(2 * HIDDEN, RELATION)
        self.arc = nn.Parameter(torch.zeros(ARC + 1, ARC))
        self.relation = nn.Parameter(torch.zeros(len(coder.relations), RELATION + 1, RELATION + 1))

    def forward(self, batch: Encoded) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        word = batch["word"]
        if self.training:
            word = word * (torch.rand(word.shape) > DROP_WORD)
        parts = [self.word(word), self.affix(batch["affix"]).flatten(2), torch.tanh(self.vector(batch["vector"]))]
        embedded = self._drop(torch.cat(parts, -1), DROP_INPUT)
        hidden = embedded
        for layer in (self.first, self.second):
            packed = pack_padded_sequence(hidden, batch["length"], batch_first=True, enforce_sorted=False)
            hidden = self._drop(pad_packed_sequence(layer(packed)[0], batch_first=True)[0], DROP_LAYER)
        state = F.leaky_relu(self.tagging(torch.cat([hidden, embedded], -1)), 0.1)
        state = F.dropout(state, DROP_LAYER, self.training)
        heads = torch.cat([self.root.expand(len(hidden), 1, -1), hidden], 1)
        arcs = torch.einsum(
            "bni,ij,bmj->bnm", _one(self._half(self.arc_word, hidden)), self.arc, self._half(self.arc_head, heads)
        )
        inside = F.pad(batch["inside"], [1, 0], value=True)
        arcs = arcs.masked_fill(~inside[:, None, :], -1e4)
        words = _one(self._half(self.relation_word, hidden))
        return self.tag(state), self.feature(state), arcs, words, _one(self._half(self.relation_head, heads))

    def loss(self, batch: Encoded) -> Tensor:
        """The summed cross entropies of whole tags, features, heads and relations."""
        tags, features, arcs, words, heads = self(batch)
        tagged = batch["inside"] & (batch["tag"] >= 0)
        gold = batch["tag"][tagged]
        loss = F.cross_entropy(tags[tagged], gold, label_smoothing=SMOOTHING)
        for scores, values in self._split(features[tagged]):
            loss = loss + 0.5 * F.cross_entropy(scores, values[gold])
        linked = batch["inside"] & (batch["relation"] >= 0)
        relations = self._relate(words, heads, batch["head"])
        loss = loss + F.cross_entropy(arcs[linked], batch["head"][linked])
        return loss + F.cross_entropy(relations[linked], batch["relation"][linked])

    @torch.no_grad()
    def predict(self, batch: Encoded) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities of tags and heads, and of the relations to each possible head."""
        tags, features, arcs, words, heads = self(batch)
        scores = F.log_softmax(tags, -1)
        for part, values in self._split(features):
            scores = scores + F.log_softmax(part, -1)[..., values]
        relations = torch.einsum("bni,rij,bmj->bnmr", words, self.relation, heads)
        return F.softmax(0.6 * scores, -1), F.softmax(arcs, -1), F.softmax(relations, -1)

    def _relate(self, words: Tensor, heads: Tensor, chosen: Tensor) -> Tensor:
        picked = heads.gather(1, chosen[..., None].expand(-1, -1, heads.shape[2]))
        return torch.einsum("bni,rij,bnj->bnr", words, self.relation, picked)

    def _split(self, scores: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        start = 0
        for count, values in self.coder.features:
            yield scores[..., start : start + count], values
            start += count

    def _half(self, layer: nn.Linear, hidden: Tensor) -> Tensor:
        return self._drop(F.leaky_relu(layer(hidden), 0.1), DROP_LAYER)

    def _drop(self, states: Tensor, share: float) -> Tensor:
        """Dropout with one mask for all words of a sentence."""
        if not self.training:
            return states
        return states * (torch.rand(len(states), 1, states.shape[2]) > share) / (1 - share)


def train_teacher(sentences: list[Sentence], coder: Coder, seed: int) -> Teacher:
    """Train one teacher; its weights are a running average, as in the pipeline that ships."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = random.Random(seed)
    teacher = Teacher(coder)
    encoded = [coder.encode(sentence) for sentence in sentences]
    optimizer = torch.optim.Adam(teacher.parameters(), lr=RATE, betas=(0.9, 0.95))
    average = [parameter.detach().clone() for parameter in teacher.parameters()]
    epochs = [list(_batches(encoded, rng)) for _ in range(EPOCHS)]
    steps = sum(map(len, epochs))
    for step, batch in enumerate(batch for batches in epochs for batch in batches):
        optimizer.param_groups[0]["lr"] = RATE * min(1.0, step / WARM_UP) * max(0.02, 1 - step / steps)
        optimizer.zero_grad()
        teacher.loss(_join([encoded[i] for i in batch])).backward()
        nn.utils.clip_grad_norm_(teacher.parameters(), 5.0)
        optimizer.step()
        keep = min(0.99, step / (step + 10))
        for mean, parameter in zip(average, teacher.parameters(), strict=True):
            mean.mul_(keep).add_(parameter.detach(), alpha=1 - keep)
    with torch.no_grad():
        for mean, parameter in zip(average, teacher.parameters(), strict=True):
            parameter.copy_(mean)
    return teacher.eval()


def label(sentences: list[Sentence], teachers: list[Teacher], at_once: int = 30) -> Iterator[tuple[Sentence, float]]:
    """Each sentence with the tags, heads and relations of highest mean probability, and how sure its heads are.

    The assurance is the mean probability of the heads, and 0 where they form no tree with one root.
    """
    coder = teachers[0].coder
    for start in range(0, len(sentences), at_once):
        group = sentences[start : start + at_once]
        batch = _join([coder.encode(sentence) for sentence in group])
        outputs = [teacher.predict(batch) for teacher in teachers]
        tags, arcs, relations = (torch.stack(parts).mean(0) for parts in zip(*outputs, strict=True))
        # No other word than the root may bear the root's name.
        relations[..., coder.relations.index("ROOT")] = 0
        chosen = arcs.argmax(-1)
        related = relations.gather(2, chosen[..., None, None].expand(-1, -1, 1, relations.shape[3])).squeeze(2)
        for i, sentence in enumerate(group):
            heads = chosen[i, : len(sentence.words)].tolist()
            names = [coder.relations[k] for k in related[i].argmax(-1).tolist()]
            picked = [coder.tags[k] for k in tags[i].argmax(-1).tolist()]
            words = [_labelled(word, k, picked[k], heads[k], names[k]) for k, word in enumerate(sentence.words)]
            sure = float(arcs[i, : len(heads)].max(-1).values.mean()) if is_tree(heads) else 0.0
            yield replace(sentence, words=tuple(words)), sure


def is_tree(heads: list[int]) -> bool:
    """Whether heads (0 for the root, else one more than the place of the head) form a tree with one root."""
    if heads.count(0) != 1:
        return False
    for place in range(1, len(heads) + 1):
        steps = 0
        while place and steps <= len(heads):
            place = heads[place - 1]
            steps += 1
        if place:
            return False
    return True


def _labelled(word: Word, place: int, tag: tuple[str, str], head: int, relation: str) -> Word:
    pos, morph = tag
    if head == 0:
        return replace(word, pos=pos, morph=morph, head=place, dep="ROOT")
    return replace(word, pos=pos, morph=morph, head=head - 1, dep=relation)


def _features(tags: list[tuple[str, str]]) -> Iterator[tuple[int, Tensor]]:
    carried = [{"": pos} | dict(part.split("=", 1) for part in morph.split("|") if part) for pos, morph in tags]
    for name in sorted({name for features in carried for name in features}):
        values = sorted({features.get(name, "") for features in carried})
        yield len(values), torch.tensor([values.index(features.get(name, "")) for features in carried])


def _affixes(word: str) -> list[int]:
    lower = word.lower()
    parts = [f"-{lower[-n:]}/{n}" for n in range(1, 6)] + [f"{word[:1]}-", f"{lower[:3]}-", f"={word_shape(word)}"]
    return [1 + zlib.crc32(part.encode()) % (BUCKETS - 1) for part in parts]


def _one(states: Tensor) -> Tensor:
    return F.pad(states, [0, 1], value=1.0)


def _batches(encoded: list[Encoded], rng: random.Random) -> Iterator[list[int]]:
    """One epoch: batches of about as many words, of sentences of about the same length."""
    order = list(range(len(encoded)))
    rng.shuffle(order)
    batches: list[list[int]] = [[]]
    size = 0
    for start in range(0, len(order), 400):
        for i in sorted(order[start : start + 400], key=lambda i: len(encoded[i]["word"])):
            if size >= BATCH_WORDS:
                batches.append([])
                size = 0
            batches[-1].append(i)
            size += len(encoded[i]["word"])
    rng.shuffle(batches)
    yield from batches


def _join(sentences: list[Encoded]) -> Encoded:
    lengths = [len(sentence["word"]) for sentence in sentences]
    fill: dict[str, Any] = {"word": 0, "affix": 0, "vector": 0.0, "tag": -1, "head": 0, "relation": -1}
    batch = {
        name: nn.utils.rnn.pad_sequence([s[name] for s in sentences], batch_first=True, padding_value=value)
        for name, value in fill.items()
    }
    batch["length"] = torch.tensor(lengths)
    batch["inside"] = torch.arange(max(lengths))[None, :] < batch["length"][:, None]
    return batch
