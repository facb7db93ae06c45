"""门面 what every page stands in: the office behind it, the templates, the files of its style."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from registry.actions.office import Office
from registry.actions.papers.page import STYLE
from registry.api.documents import LIMIT
from registry.api.entrance import About
from registry.domain.amounts import told_capital
from registry.domain.funds import moved_fen
from registry.web.browsers import browser_named
from registry.web.forms.filled import kind_of

HERE = Path(__file__).parent
STATIC = HERE / "static"
MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".svg": "image/svg+xml", ".woff2": "font/woff2"}  # fmt: skip
_DIGITS = 12


@cache
def files() -> dict[str, bytes]:
    """Every file that pages ask for, by name."""
    own = {p.name: p.read_bytes() for p in sorted(STATIC.iterdir()) if p.suffix in MEDIA}
    return own | {"papers.css": STYLE.read_bytes()}


@cache
def address(name: str) -> str:
    """Where a file is fetched: the digest stands in it, so that it may be kept for good.

    Raises:
        KeyError: there is none of that name.
    """
    return f"/static/{sha256(files()[name]).hexdigest()[:_DIGITS]}/{name}"


@cache
def templates() -> Environment:
    """The templates, strictly: what is not given is a fault, what is given is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {"file": address, "most": LIMIT, "capital": told_capital,
                     "moved_fen": moved_fen, "kind_of": kind_of}  # fmt: skip
    made.filters |= {"lines": _lines, "browser": browser_named}
    return made


def _lines(text: Any) -> Markup:
    """Text with its line breaks kept."""
    return Markup("<br>").join(str(text).splitlines())


class House:
    """门面."""

    __slots__ = ("about", "office", "secure")

    def __init__(self, office: Office, about: About) -> None:
        self.office, self.about = office, about
        self.secure = about.public_url.startswith("https:")
        """Cookies go over TLS alone where the site is reached so."""
