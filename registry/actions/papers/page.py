"""公文网页 a paper as a page: within the pages of the registry, or alone, to keep and to print."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from registry.actions.papers.drawing import arranged, cleaned, picture
from registry.domain.paper import Paper, chinese_day

MEDIA = "text/html; charset=utf-8"
STYLE = Path(__file__).with_name("paper.css")
_ALONE = (
    ":root { --line: #bbb; --ink: #000; --soft: #555; --mark: #c00000 } body { margin: 0 } "
    ".small { font-size: .85rem } .banner { text-align: center; font-size: .8rem; color: #555 }\n"
)
"""What the style of a paper takes from the pages around it, where there are none."""


@cache
def templates() -> Environment:
    """The templates of papers, strictly: what is given is escaped."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {"arranged": arranged, "day": chinese_day}
    made.filters["lines"] = lambda text: Markup("<br>").join(str(text).splitlines())
    return made


def article(paper: Paper) -> Markup:
    """The paper itself; whatever it says is text."""
    told = cleaned(paper)
    drawn = templates().get_template("paper.html").render(paper=told, picture=_inside(told))
    return Markup(drawn)  # noqa: S704 - made by a template that escapes


def _inside(paper: Paper) -> str:
    """The QR within the page; empty = the paper has none."""
    if not paper.qr:
        return ""
    drawn = b64encode(picture(paper.qr, "svg")).decode("ascii")
    return f"data:image/svg+xml;base64,{drawn}"


@cache
def style() -> str:
    """The style of a page that stands alone."""
    return _ALONE + STYLE.read_text("utf-8")


def policy() -> str:
    """内容安全策略 of a paper alone: its own style and its QR, no program, nothing fetched."""
    digest = b64encode(sha256(style().encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def made(paper: Paper) -> bytes:
    """The paper alone, as one file without programs: the same paper, the same bytes."""
    told: dict[str, Any] = {"title": paper.title, "banner": paper.banner, "policy": policy()}
    page = templates().get_template("alone.html")
    return page.render(article=article(paper), style=Markup(style()), **told).encode()  # noqa: S704
