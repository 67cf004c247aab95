"""The encoder's vocabulary: pieces of Swedish words by the unigram language model (Kudo 2018, arXiv:1804.10959).

Pieces carry no mark of where in a word they stand, so that `poliser` is the same piece, with the same vector, alone
and at the end of `områdespoliser`. Punctuation is dropped; letters are lower-cased and composed.
"""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"


def build_tokenizer() -> Tokenizer:
    """An untrained tokenizer with the normalisation that training and use share."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(Regex("[\u00ad\u200b-\u200d\ufeff]"), ""),
            normalizers.Lowercase(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}%§]+"), "removed"),
            pre_tokenizers.Split(Regex(r"\p{N}+|[%§]"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of `size` pieces learnt from texts; the same texts give the same pieces."""
    tokenizer = build_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=size, special_tokens=[UNKNOWN], unk_token=UNKNOWN, max_piece_length=24, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer
