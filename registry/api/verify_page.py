"""核验页 one file that checks a notice on a phone: put together from its parts and the public keys."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from registry.actions.office import Office
from registry.actions.vouching.telling import PublicCounty, PublicKey, counties, keys
from registry.domain.records import Wire, civil

PATH = "/verify"
STATUS = "/public/status.json"
_PARTS = Path(__file__).with_name("pages")


class PageData(Wire, frozen=True, kw_only=True):
    """本页所知: what the page carries besides its program."""

    counties: list[PublicCounty]
    keys: list[PublicKey]
    public_url: str
    banner: str
    made_on: str
    served: bool
    """Handed out by the registry itself, which has the status under its own address."""


def link(public_url: str, code: str) -> tuple[str, str]:
    """What a QR leads to, in the two pieces it is packed in: the fragment goes to no server."""
    return f"{public_url.rstrip('/')}{PATH}#", code


def page(office: Office, *, public_url: str, banner: str, served: bool) -> bytes:
    """The whole page as of now."""
    data = PageData(
        counties=counties(office), keys=keys(office), public_url=public_url.rstrip("/"),
        banner=banner, made_on=civil(office.clock()).isoformat(), served=served,
    )  # fmt: skip
    # No name may end the element it stands in.
    told = msgspec.json.encode(data).decode().replace("<", "\\u003c")
    before, after = _frame(policy(data.public_url))
    return f"{before}{told}{after}".encode()


def policy(public_url: str) -> str:
    """内容安全策略: only this very program runs, and it asks nobody but for the status."""
    program = [_part("noble-ed25519.min.js"), _part("verify.js")]
    scripts = " ".join(f"'sha256-{_digest(text)}'" for text in program)
    asked = urlsplit(public_url)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'sha256-{_digest(_style())}'; "
        f"connect-src 'self' {asked.scheme}://{asked.netloc}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _frame(policy: str) -> tuple[str, str]:
    text = _part("verify.html").replace("{{policy}}", policy)
    text = text.replace("{{library}}", _part("noble-ed25519.min.js"))
    text = text.replace("{{script}}", _part("verify.js"))
    before, _, after = text.partition("{{data}}")
    return before, after


def _style() -> str:
    return _part("verify.html").partition("<style>")[2].partition("</style>")[0]


@cache
def _part(name: str) -> str:
    return (_PARTS / name).read_text("utf-8")


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
