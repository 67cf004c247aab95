"""Work that kills its worker, as the system does when memory runs out. Little to import: workers start often."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any


class SuicidalWork:
    """Stands in for `analyzer.engine.local.work`: doubles numbers, dies at 3 as often as the shared file says."""

    def __call__(self, call: tuple[str, Path, Any]) -> int:
        _task, marker, shard = call
        left = int(marker.read_text())
        if shard == 3 and left:
            marker.write_text(str(left - 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return int(shard * 2)
