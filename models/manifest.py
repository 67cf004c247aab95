"""The list of shipped model files with their SHA-256, and the check that nobody has changed them.

    python -m models.manifest            check every registered folder
    python -m models.manifest --write    register every model folder anew (or only those named)

Model cards (`*.md`) are not listed, since correcting a text must not make a model unusable. No listed file is
a pickle: `write` refuses suffixes that Python would execute on loading.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

from analyzer.errors import ModelError

ROOT = Path(__file__).resolve().parent
MANIFEST = ROOT / "manifest.json"
#: Folders beside the models that hold none.
NOT_MODELS = {"train", "__pycache__"}
#: Formats that run code when read; they are never shipped.
EXECUTABLE_SUFFIXES = {".pkl", ".pickle", ".joblib", ".pt", ".pth"}


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(folder: Path, manifest: Path = MANIFEST) -> None:
    """Check every registered file of a model folder; raises `ModelError` on the first that is missing or altered."""
    key = _key(folder, manifest)
    entries = _read(manifest).get(key)
    if not entries:
        raise ModelError(f"Modellen {key} finns inte i modellförteckningen; hämta programmet på nytt.")
    for name, expected in entries.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"Modellfilen {key}/{name} saknas; hämta programmet på nytt.")
        if digest_of(path) != expected:
            raise ModelError(
                f"Modellfilen {key}/{name} är ändrad (kontrollsumman stämmer inte); hämta programmet på nytt."
            )


def write(folder: Path, manifest: Path = MANIFEST) -> None:
    """Register a folder's files as they are now, leaving the other folders' entries alone.

    Raises `ModelError` when the folder is empty or holds a format that runs code when it is read.
    """
    key = _key(folder, manifest)
    files = _files(folder)
    if not files:
        raise ModelError(f"Modellmappen {key} är tom; träna modellen innan den förs in i förteckningen.")
    if forbidden := [path.name for path in files if path.suffix in EXECUTABLE_SUFFIXES]:
        raise ModelError(
            f"Modellmappen {key} innehåller {forbidden[0]}, ett format som kan köra kod; "
            "spara som safetensors eller skops."
        )
    entries = _read(manifest) if manifest.exists() else {}
    entries[key] = {path.relative_to(folder).as_posix(): digest_of(path) for path in files}
    text = json.dumps(entries, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    # Replaced in one step: a program that starts meanwhile reads the old list or the new, never half of one.
    draft = manifest.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(manifest)


def registered(manifest: Path = MANIFEST) -> tuple[Path, ...]:
    """The folders that the manifest names."""
    return tuple(manifest.parent / key for key in sorted(_read(manifest)))


def _key(folder: Path, manifest: Path) -> str:
    try:
        return folder.resolve().relative_to(manifest.parent.resolve()).as_posix()
    except ValueError as error:
        raise ModelError(
            f"Mappen {folder.name} ligger inte bland programmets modeller; ange en mapp i {manifest.parent.name}."
        ) from error


def _read(manifest: Path) -> dict[str, dict[str, str]]:
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"Modellförteckningen {manifest.name} saknas eller är trasig; hämta programmet på nytt."
        ) from error
    if not isinstance(entries, dict):
        raise ModelError(f"Modellförteckningen {manifest.name} är trasig; hämta programmet på nytt.")
    return entries


def _files(folder: Path) -> list[Path]:
    """Every file that belongs to the model, sorted; hidden files and model cards do not."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    return sorted(p for p in paths if not any(part.startswith(".") for part in p.relative_to(folder).parts))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m models.manifest", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="register the folders as they are now")
    parser.add_argument("folders", nargs="*", type=Path, help="model folders (default: all)")
    options = parser.parse_args(arguments)
    try:
        if options.write:
            everything = (p for p in ROOT.iterdir() if p.is_dir() and p.name not in NOT_MODELS and _files(p))
            for folder in options.folders or sorted(everything):
                write(folder)
                print(f"registered {folder.name}")
        else:
            for folder in options.folders or registered():
                verify(folder)
                print(f"ok {folder.name}")
    except ModelError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
