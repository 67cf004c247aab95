"""Where the work of a scan is done: in this process, in several, or on several machines. The answers are the same.

Work comes in shards whose size depends on the work alone, never on who does it. A shard's answer follows from the task,
what all shards share, and the shard, so that it may be done by anybody, twice, or again after a worker has died.
"""

from __future__ import annotations

from analyzer.engine.choice import ENGINES, Engine, open_engine
from analyzer.engine.tasks import JudgeShared, PairBench, PairShard, cut

__all__ = ["ENGINES", "Engine", "JudgeShared", "PairBench", "PairShard", "cut", "open_engine"]
