"""Documents that are zip files of XML: looked over before anything is unpacked, parsed without entities or depth."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .limits import MIB, ReadLimits
from .reasons import refuse

#: All that the standard library raises on zip files whose bytes were changed.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, KeyError, IndexError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
_MAX_DEPTH = 200
#: Repetitive XML may well shrink a thousandfold; the ratio means something only above this size.
_RATIO_FROM = 20 * MIB


class Package:
    """A zip file that passed the check. Raises `ReadError`."""

    def __init__(self, data: bytes, limits: ReadLimits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _BROKEN as error:
            raise refuse("damaged") from error
        _check_entries(entries, len(data), limits)
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except _BROKEN as error:
            raise refuse("damaged") from error

    def parse(self, name: str) -> Element:
        """The root of an XML part that must be there."""
        if name not in self.names:
            raise refuse("not_what_it_says")
        return parse_xml(self.read(name))

    def parse_optional(self, name: str) -> Element | None:
        return parse_xml(self.read(name)) if name in self.names else None


def _check_entries(entries: list[zipfile.ZipInfo], packed: int, limits: ReadLimits) -> None:
    if len(entries) > limits.zip_entries:
        raise refuse("bomb", "entries", count=len(entries), limit=limits.zip_entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes or (unpacked > _RATIO_FROM and unpacked > packed * limits.zip_ratio):
        raise refuse("bomb", "unpacked", limit=min(limits.unpacked_bytes, int(packed * limits.zip_ratio)) // MIB)
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if link or path.is_absolute() or ".." in path.parts or ":" in entry.filename[:2]:
            raise refuse("damaged", "path_escape")
        if entry.flag_bits & 1:
            raise refuse("encrypted")


class _BoundedBuilder(TreeBuilder):
    """A tree builder that gives up on depth which no document has."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise refuse("bomb", "depth", limit=_MAX_DEPTH)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(data: bytes) -> Element:
    """The root element. A document type declaration, and so every entity of one's own, is refused."""
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(data)
        return parser.close()
    except DefusedXmlException as error:
        raise refuse("damaged", "dtd") from error
    except (ParseError, ValueError, LookupError) as error:
        raise refuse("damaged") from error


def local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name; the namespaces of office formats are many and say nothing here."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def children(element: Element | None, name: str) -> Iterator[Element]:
    for child in element if element is not None else ():
        if local_name(child) == name:
            yield child


def child(element: Element | None, *names: str) -> Element | None:
    """The first descendant along a path of local names."""
    for name in names:
        element = next(children(element, name), None)
    return element


def read_properties(root: Element | None) -> dict[str, str]:
    """The title that the file's own properties give, where there is one."""
    for element in root.iter() if root is not None else ():
        if local_name(element) == "title" and (element.text or "").strip():
            return {"title": (element.text or "").strip()}
    return {}
