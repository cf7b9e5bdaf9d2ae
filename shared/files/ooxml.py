"""What DOCX, XLSX and PPTX have in common: parts in an archive, active content in them, and the properties of the document."""

import io
import re
from collections.abc import Mapping
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from shared.files.finding import Finding

RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
PERSONAL = ("creator", "lastModifiedBy", "keywords", "subject", "description", "category", "manager", "company")
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class Broken(Exception):
    """It is no such document, whatever its parts are called."""


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts by name. The archive's directory was judged before. Raises `Broken`."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise Broken from error


def read_xml(part: bytes) -> Any:
    """An XML part. Office writes no document type: one that has it is refused, with all its entities. Raises `Broken`."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Broken
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Broken from error


def active(parts: Mapping[str, bytes]) -> list[Finding]:
    """Macros, embedded programs, templates from elsewhere, and links that fetch or start something: none of it is taken."""
    names = [name.lower() for name in parts]
    found = []
    types = parts.get("[Content_Types].xml", b"")
    if any("vbaproject" in name or "/activex/" in name or "macrosheets/" in name for name in names) or b"macroEnabled" in types:
        found.append(Finding("macro"))
    if any("/embeddings/" in name and name.endswith((".bin", ".exe", ".ole")) for name in names):
        found.append(Finding("script"))
    remote = any(
        rel.get("TargetMode") == "External" and not rel.get("Type", "").endswith(("/hyperlink", "/externalLinkPath", "/externalLink"))
        for name, part in parts.items()
        if name.endswith(".rels")
        for rel in read_xml(part)
    )
    if remote or any(re.search(rb"\bDDE(AUTO)?\b|<(\w+:)?ddeLink\b", part) for name, part in parts.items() if name.endswith(".xml")):
        found.append(Finding("remote-template"))
    return found


def embedded(parts: Mapping[str, bytes]) -> list[Finding]:
    """Whole files inside."""
    inside = sum("/embeddings/" in name for name in parts)
    return [Finding("embedded-file", count=inside)] if inside else []


def properties(parts: Mapping[str, bytes]) -> list[Finding]:
    """Who made it, for whom, when."""
    found = []
    named: set[str] = set()
    for name in ("docProps/core.xml", "docProps/app.xml"):
        if name in parts:
            named |= {etree.QName(one).localname.lower() for one in read_xml(parts[name]).iter(etree.Element) if (one.text or "").strip()}
    if named & {word.lower() for word in PERSONAL}:
        found.append(Finding("person-in-properties"))
    elif named & {"title", "application"}:
        found.append(Finding("properties"))
    if "docProps/custom.xml" in parts:
        found.append(Finding("custom-properties"))
    return found


def without(parts: dict[str, bytes], gone: set[str]) -> dict[str, bytes]:
    """The document without these parts: what refers to them goes too."""
    kept = {name: part for name, part in parts.items() if name not in gone and _owner(name) not in gone}
    for name in [name for name in kept if name.endswith(".rels")]:
        tree = read_xml(kept[name])
        for rel in list(tree):
            if rel.get("TargetMode") != "External" and _target(name, rel.get("Target", "")) in gone:
                tree.remove(rel)
        kept[name] = written(tree)
    types = read_xml(kept["[Content_Types].xml"])
    for override in types.findall(f"{TYPES}Override"):
        if override.get("PartName", "").lstrip("/") not in kept:
            types.remove(override)
    kept["[Content_Types].xml"] = written(types)
    return kept


def without_properties(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The document without its properties, and its pictures without theirs is `images.cleaned`."""
    return without(parts, {name for name in parts if name.startswith("docProps/")})


def written(tree: Any) -> bytes:
    """An XML part as bytes."""
    made: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The archive of the parts: the same parts give the same bytes, without dates."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            archive.writestr(ZipInfo(name, FIRST_DAY), parts[name], ZIP_DEFLATED)
    return made.getvalue()


def _owner(name: str) -> str:
    """The part whose relationships these are; '' for any other part."""
    folder, slash, last = name.rpartition("_rels/")
    return folder + last.removesuffix(".rels") if slash and last.endswith(".rels") else ""


def _target(rels: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    folder = rels.rpartition("_rels/")[0].split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            folder = folder[:-1]
        elif step != ".":
            folder = [*folder, step]
    return "/".join(folder)
