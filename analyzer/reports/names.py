"""Swedish names of types, decisions and columns, read once from `names.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_NAMES = tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))

TYPE_NAMES: dict[str, str] = _NAMES["types"]
STATUS_NAMES: dict[str, str] = _NAMES["statuses"]
COLUMN_NAMES: dict[str, str] = _NAMES["columns"]
