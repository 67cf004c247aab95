"""Workers give what one process gives, to the last bit; one that dies is replaced and its shard done again."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.compare import compare
from analyzer.engine import local, tasks
from analyzer.engine.local import Processes
from analyzer.engine.tasks import Bench, cut
from analyzer.errors import ModelError, StyrsignalError, UsageError
from analyzer.intake import read_files
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import Document
from analyzer.scan import read_signals, scan
from analyzer.scoring import load_judge
from analyzer.settings import Settings
from analyzer.signals import load_reader
from analyzer.store.convert import side_of
from tests.scale.answers import EXAMPLES
from tests.scale.suicidal import SuicidalWork

pytestmark = pytest.mark.xdist_group("engine")


@pytest.fixture(scope="module")
def documents():
    """Some of the example corpus, read."""
    return [item for item in read_files(sorted(EXAMPLES.iterdir())[:5]) if isinstance(item, Document)]


@pytest.fixture(scope="module")
def processes():
    """Two workers for whom no work is too small."""
    engine = Processes(2)
    engine.least_documents = engine.least_pairs = 0
    yield engine
    engine.close()


@pytest.mark.parametrize(("count", "size"), [(0, 3), (1, 3), (3, 3), (7, 3)])
def test_shards_cover_everything_once(count, size):
    rows = np.arange(count)
    assert np.concatenate([rows[:0], *(rows[at] for at in cut(count, size))]).tolist() == rows.tolist()


def test_two_workers_give_what_one_process_gives(documents, processes):
    alone = list(read_signals(documents, None))
    assert list(read_signals(documents, processes)) == alone == list(load_reader().read_many(documents))

    sides = [side_of(found, item.metadata) for item, some in zip(documents, alone, strict=True) for found in some]
    numbers = [at for at, some in enumerate(alone) for _ in some]
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    everything = np.ones(len(sides), bool)
    settings = Settings(second_reader_pairs=150, keep_pairs=550)
    first, second = (
        compare(sides, vectors, np.array(numbers), everything, load_judge(), settings, engine=engine)
        for engine in (None, processes)
    )
    assert len(first.verdicts) >= 550 and first.verdicts == second.verdicts
    assert first.counts == second.counts
    for name in ("a", "b", "rules"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_a_worker_with_other_models_refuses():
    shared = tasks.JudgeShared(load_judge().prepare([]), 0.02, "none", ("another judge", None))
    with pytest.raises(ModelError, match="andra modeller"):
        Bench().run("judge", "x", lambda: shared, None)
    with pytest.raises(ModelError, match="andra modeller"):
        Bench().run("prepare", "x", lambda: "another judge", ())


@pytest.mark.parametrize("times", [1, 3])
def test_a_killed_worker_is_replaced_until_it_is_hopeless(tmp_path, monkeypatch, times):
    marker = tmp_path / "times"
    marker.write_text(str(times))
    monkeypatch.setattr(local, "work", SuicidalWork())
    engine = Processes(2)
    try:
        if times < local.DEATHS:
            assert list(engine.map("signals", marker, range(6))) == [0, 2, 4, 6, 8, 10]
        else:
            with pytest.raises(StyrsignalError, match="minnet"):
                list(engine.map("signals", marker, range(6)))
    finally:
        engine.close()


def test_an_unknown_engine_is_refused(sessions):
    with pytest.raises(UsageError, match="motor"):
        scan([EXAMPLES], sessions, Settings(), engine="steam")
