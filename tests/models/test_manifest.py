"""A model is loaded only when each of its files is the one that was registered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.errors import ModelError
from models import manifest


@pytest.fixture
def shipped(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "toy"
    (folder / "inner").mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "inner" / "config.json").write_text("{}", encoding="utf-8")
    (folder / "README.md").write_text("card", encoding="utf-8")
    listing = tmp_path / "manifest.json"
    manifest.write(folder, listing)
    return folder, listing


def test_untouched_folder_passes_and_card_is_free_to_change(shipped: tuple[Path, Path]) -> None:
    folder, listing = shipped
    (folder / "README.md").write_text("another card", encoding="utf-8")
    manifest.verify(folder, listing)
    assert sorted(json.loads(listing.read_text())["toy"]) == ["inner/config.json", "model.safetensors"]


def test_one_flipped_bit_is_refused(shipped: tuple[Path, Path]) -> None:
    folder, listing = shipped
    data = bytearray((folder / "model.safetensors").read_bytes())
    data[3] ^= 1
    (folder / "model.safetensors").write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"toy/model\.safetensors är ändrad"):
        manifest.verify(folder, listing)


def test_missing_file_is_refused(shipped: tuple[Path, Path]) -> None:
    folder, listing = shipped
    (folder / "inner" / "config.json").unlink()
    with pytest.raises(ModelError, match=r"toy/inner/config\.json saknas"):
        manifest.verify(folder, listing)


def test_unregistered_folder_and_broken_manifest_are_refused(shipped: tuple[Path, Path], tmp_path: Path) -> None:
    folder, listing = shipped
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    with pytest.raises(ModelError, match="stranger finns inte"):
        manifest.verify(stranger, listing)
    listing.write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="trasig"):
        manifest.verify(folder, listing)


def test_registering_one_folder_keeps_the_others(shipped: tuple[Path, Path], tmp_path: Path) -> None:
    folder, listing = shipped
    other = tmp_path / "other"
    other.mkdir()
    (other / "model.skops").write_bytes(b"x")
    manifest.write(other, listing)
    manifest.verify(folder, listing)
    manifest.verify(other, listing)
    assert [path.name for path in manifest.registered(listing)] == ["other", "toy"]


def test_pickle_and_folder_outside_are_never_registered(shipped: tuple[Path, Path], tmp_path: Path) -> None:
    folder, listing = shipped
    (folder / "model.pkl").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"model\.pkl"):
        manifest.write(folder, listing)
    with pytest.raises(ModelError, match="ligger inte bland"):
        manifest.write(tmp_path.parent, listing)


def test_every_shipped_model_is_the_registered_one() -> None:
    for folder in manifest.registered():
        manifest.verify(folder)
