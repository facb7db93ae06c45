"""来访 one page asked for: who sits there, in which language, what was typed into the form."""

import hmac
from datetime import datetime
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from litestar import Request
from litestar.datastructures import UploadFile

from registry.actions.places import above
from registry.actions.staff.accounts import NO_TOKEN
from registry.actions.staff.passwords import MUST_CHANGE
from registry.actions.staff.seats import From, Seated
from registry.actions.telephoning.taking import told_call
from registry.api.asked import Asked
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.people import Actor
from registry.domain.records import SHANGHAI, Record
from registry.domain.telephone import Telephoned
from registry.web.house import House
from registry.web.tongue import LANGUAGES, Tongue

SESSION, LANGUAGE = "registry_session", "registry_language"
KEYS = "registry_keys"
"""Of a browser whose single keys were turned off: a keyboard is a browser's, and no person's."""
TOKEN, VERSION, KEY, DRAFT, AGAIN = "_token", "_version", "_key", "_draft", "_again"
CALLER, CALLED = "_told_by", "_told_at"
PHRASE = "_phrase"
"""常用意见 that was picked for the words of a form."""
_LASTING = (VERSION, KEY, DRAFT, PHRASE, CALLER, CALLED)
"""Of what a form holds besides what was typed: what goes with it into another session."""
_SECRET = "password"  # noqa: S105 - the name of a field, and no secret
FOREIGN = declare(
    "form.foreign", RefusalKind.FORBIDDEN, "这张表单不是本次登录打开的，请重新打开后再提交",
    "This form was not opened in this sign-in; open it again.",
)  # fmt: skip
CROWDED = declare(
    "form.fields", RefusalKind.TOO_LARGE, "表单的项目过多", "The form has too many fields."
)
MOST_FIELDS = 5_000
_FRESH = 16
"""Bytes of a form's key."""
"""Fields of one form: the longest filing by far has fewer."""
LONGEST_NAME = 300
"""Letters of a field's name: a path of lists in lists stays far below."""
_MARK = 16
"""Octets of each half of a form's token."""
_BROWSER = 200


class Visit(Asked):
    """来访."""

    __slots__ = ("files", "house", "opens", "posted", "seat", "tongue")

    def __init__(
        self, house: House, request: Request[Any, Any, Any], parameters: frozenset[str]
    ) -> None:
        super().__init__(house.office, request, parameters | {"county", "lang"})
        self.house = house
        self.seat: Seated | None = None
        self.posted: list[tuple[str, str]] = []
        """What was typed, in the order of the form."""
        self.files: dict[str, UploadFile] = {}
        self.opens = ""
        """案卷: the request that the page opens, for the record of what was read."""
        cookies = self.cookies()
        self.tongue = Tongue(self.query.pop("lang", "") or cookies.get(LANGUAGE, LANGUAGES[0]))

    def cookies(self) -> dict[str, str]:
        """What the browser carries."""
        try:
            read = SimpleCookie(self.request.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: one.value for name, one in read.items()}

    def actor(self, *, changing: bool = False) -> Actor:
        """Who sits there.

        Raises:
            Refusal: ``token.invalid`` for nobody, ``password.change``.
        """
        if self.seat is None:
            raise Refusal(NO_TOKEN)
        if self.seat.actor.must_change and not changing:
            raise Refusal(MUST_CHANGE)
        self.who = self.seat.actor
        return self.seat.actor

    def within(self, record: Record) -> None:
        """What follows is asked in the county of a record that was found below one's own, or where
        a project leads."""
        if self.county is None and record.county not in above(self.actor().county):
            self.county = record.county

    def came(self) -> From:
        """Where the visit comes from."""
        browser = "".join(c for c in self.request.headers.get("user-agent", "") if c.isprintable())
        return From(address=self.address(), browser=browser[:_BROWSER])

    def field(self, name: str) -> str:
        """What was typed into a field; empty = nothing."""
        return next((value for key, value in self.posted if key == name), "")

    def typed_in(self) -> list[tuple[str, str]]:
        """What is kept of a form that is not handed in yet; never a password."""
        return [
            (name, value) for name, value in self.posted
            if (name[:1] != "_" or name in _LASTING or name.startswith("_rows."))
            and name.rpartition(".")[2] != _SECRET
        ]  # fmt: skip

    def version(self) -> int | None:
        """The version the form was opened on."""
        held = self.field(VERSION)
        return int(held) if held.isdigit() and len(held) < 16 else None  # noqa: PLR2004 - < 2⁵³

    def telephoned(self) -> Telephoned | None:
        """电话代录: who telephoned, and when by the clock on the wall. A form that was opened for a
        call is never done without one."""
        at = self.field(CALLED).strip() or self.query.get("told", "")
        try:
            told = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI).isoformat() if at else ""
        except ValueError:
            told = at
        return told_call(self.field(CALLER), told)

    def key(self) -> str | None:
        """The form's own key: sent twice, it is done once."""
        return self.field(KEY)[:80] or None

    def key_on(self, refusal: Refusal | None) -> str:
        """The key of the form as it is shown: the one it came with; after a refusal another, for a
        refusal on record answers its key for good, and what is mended is sent anew on purpose."""
        kept = "" if refusal is not None else self.field(KEY)
        return kept or self.office.source.token(_FRESH).hex()

    def token(self) -> str:
        """What proves that a form was opened by this session, and by whose; written otherwise on
        each page, so that the length of a packed page tells nothing of it."""
        if self.seat is None:
            return ""
        mask = self.office.source.token(2 * _MARK)
        return (mask + _masked(b"".join(self._marks()), mask)).hex()

    def own(self, token: str) -> bool:
        """Whether a form was opened by the person who sits here, in whichever session."""
        return self.seat is not None and hmac.compare_digest(_told(token)[1], self._marks()[1])

    def _marks(self) -> tuple[bytes, bytes]:
        assert self.seat is not None
        one = self.seat.session
        return self._signed(f"form|{one.id}"), self._signed(f"person|{one.county}|{one.person_id}")

    def _signed(self, said: str) -> bytes:
        return hmac.new(self.office.secret.encode(), said.encode(), sha256).digest()[:_MARK]

    async def read_form(self) -> None:
        """The form as it was sent.

        Raises:
            Refusal: ``form.foreign`` where it was not opened in this session, or comes from
                another site; ``form.fields``.
        """
        if self._elsewhere():
            raise Refusal(FOREIGN)
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            for name, value in (await self.request.form()).multi_items():
                if isinstance(value, UploadFile):
                    self.files[name] = value
                else:
                    self.posted.append((name, str(value)))
        else:
            self.posted = _pairs(await self.request.body())
        if len(self.posted) > MOST_FIELDS or any(len(n) > LONGEST_NAME for n, _ in self.posted):
            raise Refusal(CROWDED)
        self.posted = [(name, _clean(value)) for name, value in self.posted]

    def check_token(self) -> None:
        """Raises ``form.foreign`` for a form that this session did not open."""
        if not hmac.compare_digest(b"".join(_told(self.field(TOKEN))), b"".join(self._marks())):
            raise Refusal(FOREIGN)

    def _elsewhere(self) -> bool:
        """Whether the form was sent from another site: browsers say so themselves; older ones at
        least name the origin."""
        headers = self.request.headers
        if (site := headers.get("sec-fetch-site")) is not None:
            return site not in ("same-origin", "none")
        origin = headers.get("origin")
        return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def _masked(octets: bytes, mask: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(octets, mask, strict=True))


def _told(token: str) -> tuple[bytes, bytes]:
    """(of the session, of the person), as a token says them; empty where it is none."""
    try:
        octets = bytes.fromhex(token)
    except ValueError:
        octets = b""
    if len(octets) != 4 * _MARK:
        return b"", b""
    plain = _masked(octets[2 * _MARK :], octets[: 2 * _MARK])
    return plain[:_MARK], plain[_MARK:]


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, encoding="utf-8",
            errors="replace", max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except ValueError as error:
        raise Refusal(CROWDED) from error


def _clean(value: str) -> str:
    """As the acts read it: line breaks as one character, nothing unseen that Word leaves behind."""
    return value.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)


_UNSEEN: dict[int, str | None] = {
    code: None for code in (*range(9), 11, 12, *range(14, 32), 127, 0xFEFF)
}
_UNSEEN |= {0x200B: None, 0x2060: None, 0xA0: " ", 0x2028: "\n", 0x2029: "\n"}
"""Control characters, marks of no width, and spaces that only look like one."""
