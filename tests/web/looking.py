"""看页 a page as it was answered: what it says, where it leads, and what no page may show."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec
from lxml import html

from registry.actions.office import Office
from registry.domain.exporting import FORM_ZH
from registry.policies import dictionary
from registry.store import tables
from registry.web.forms import called
from registry.web.tongue import words
from tests.ownarea.knocking import Told
from tests.web.payloads import COUNTY, DONE, PAYLOADS

SITE = "http://site"
ABOVE = ("990100", "000000")
HAN = re.compile("[\u3400-\u9fff]")


class Page:
    """一页 as it was answered."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.tree = html.document_fromstring(told.body.decode())

    @property
    def texts(self) -> Iterator[tuple[str, Any]]:
        """Every text that is read, with the element it stands in."""
        for node in self.tree.iter():
            if not isinstance(node.tag, str) or node.tag in ("script", "style"):
                continue
            if node.text and node.text.strip():
                yield node.text.strip(), node
            if node.tail and node.tail.strip() and node.getparent() is not None:
                yield node.tail.strip(), node.getparent()

    @property
    def parts(self) -> frozenset[int]:
        """What stands within what, without words: a page of no other parts is drawn no other
        way."""
        within: dict[Any, int] = {}
        for node in self.tree.iter():
            if isinstance(node.tag, str):
                above = within.get(node.getparent(), 0)
                within[node] = hash((above, node.tag, node.get("class"), node.get("type")))
        return frozenset(within.values())

    def links(self, at: str) -> Iterator[str]:
        """Where the page leads: links, and forms that ask, as they stand."""
        for link in self.tree.iter("a"):
            if link.get("href"):
                yield inside(at, link.get("href"))
        for form in self.tree.iter("form"):
            if (form.get("method") or "get").lower() == "get":
                asked = [(n, v) for n, v in form.form_values() if isinstance(v, str)]
                yield inside(at, f"{form.get('action') or at.partition('?')[0]}?{urlencode(asked)}")


def inside(at: str, href: str) -> str:
    """An address of this site without its place on the page; empty = elsewhere."""
    whole = urlsplit(urljoin(SITE + at, href))
    if whole.scheme != "http" or whole.netloc != "site":
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")


_KEY = re.compile(r"[a-z]{2,}(_[a-z]+)*(\.[a-z][a-z_]*)+")
_RAW = re.compile(r"\bUndefined\b|\{\{|\{%|\bTrue\b|\bFalse\b|datetime\.|[A-Z][a-z]+\(\w+=")
_NONE = re.compile(r"\bNone\b")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
_ID = re.compile(
    r"\b(?:person|pst|post)-[a-z0-9]+[.\-][a-z]|\b[oa]-99\d{4}|\b[a-z]+-[0-9a-f]{27}\b|-here\b"
)
_FILE = (".csv", ".toml", ".xlsx", ".zip", ".docx", ".pdf", ".txt", ".md")
_NAMING = frozenset({"dt", "th", "legend", "label", "option", "caption", "h1", "h2", "h3"})
"""What stands in these is a name of ours, unless a record says it itself."""
_PROPER = frozenset(FORM_ZH.values())
"""Names of formats are their own in either language."""
_ENGLISH = re.compile(r"[A-Z]?[a-z]+(?:[ _-][a-z]+)*")
_AS_WRITTEN = frozenset({"code", "textarea", "pre"})


class Looking:
    """看法: ``data`` is what the records say themselves, which a page may show as it stands."""

    def __init__(self, data: frozenset[str]) -> None:
        self.data = data | {words()["filing.untitled"][0]}  # kept as it was put aside

    def faults(self, page: Page) -> Iterator[str]:
        """What is wrong with a page by itself."""
        tree = page.tree
        heads = [h for h in tree.iter("h1") if not h.xpath("ancestor::*[@class='paper']")]
        if len(heads) != 1 and not tree.xpath("//*[@class='paper']//h1"):
            yield f"{len(heads)} headings of the first rank"
        if not (tree.findtext(".//title") or "").strip(" ·"):
            yield "no title"
        if tree.get("lang") not in ("zh-CN", "en"):
            yield "no language"
        if doubled := [one for one, n in Counter(tree.xpath("//@id")).items() if n > 1]:
            yield f"an id twice: {doubled[:3]}"
        if bare := [one for one in tree.iter("table") if not _framed(one)]:
            yield f"{len(bare)} tables that nothing keeps from being wider than a phone"
        for said, node in page.texts:
            yield from self._wrong(said, node)

    def _wrong(self, said: str, node: Any) -> Iterator[str]:
        bare, short = plain(said), said[:90]
        if DONE in bare:
            yield f"a template ran: {short}"
        within = [node, *node.iterancestors()]
        if bare in self.data or any(n.tag in _AS_WRITTEN for n in within):
            return
        if node.tag == "title" or any(n.get("class") == "paper" for n in within):
            return  # 公文: it bears the number of its record
        for what, form in (("value", _RAW), ("instant", _ISO), ("id", _ID)):
            if form.search(bare):
                yield f"a raw {what}: {short}"
        if _KEY.fullmatch(bare) and not bare.endswith(_FILE):
            yield f"a raw key: {short}"
        tongue = next(n.get("lang") for n in within if n.get("lang"))
        if tongue != "en" and _NONE.search(bare):
            yield f"a raw value: {short}"
        if tongue == "en" and bare in _chinese():
            yield f"Chinese in English: {short}"
        own = node.tag in _NAMING and bare not in _PROPER
        if tongue != "en" and own and _ENGLISH.fullmatch(bare):
            yield f"English in Chinese: {short}"


def _framed(table: Any) -> bool:
    """Whether a table scrolls within a frame, or stands on a phone as cards or a form."""
    own = {"cards", "form"} & set((table.get("class") or "").split())
    return bool(own) or any("wide" in (n.get("class") or "").split() for n in table.iterancestors())


def plain(said: str) -> str:
    """A text without the payloads that were written into it."""
    for payload in _BY_LENGTH:
        said = said.replace(payload, "")
    return said.strip()


_BY_LENGTH = sorted(PAYLOADS, key=len, reverse=True)


def data_of(office: Office) -> frozenset[str]:
    """Every text that a record holds, as it is kept."""
    found, find = set[str](), office.store.reader.find
    for kind in tables.BY_RECORD:
        for county in (COUNTY, *ABOVE):
            for record in find(kind, county):
                found |= {plain(said) for said in _strings(msgspec.to_builtins(record))}
    return frozenset(found)


@cache
def _chinese() -> frozenset[str]:
    """The fixed words in Chinese: of pages, of forms, of records."""
    found = {zh for zh, _ in words().values()}
    for page in (called._page(), dictionary._page()):
        found |= set(_strings(page))
    return frozenset(zh for zh in found if HAN.search(zh))


def _strings(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _strings(one)
