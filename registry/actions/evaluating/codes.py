"""一次性评价码 codes that a community hands out: each is good for one answer, and nobody's.

A code is told once, to who asks for the round; kept is its sealed digest alone. Who holds a code
is known to nobody, and no answer stands beside its code.
"""

import hashlib
import hmac
from base64 import b32encode
from datetime import date
from typing import Annotated

import msgspec

from registry.actions.evaluating.satisfying import Asked, place, subject_of
from registry.actions.office import Answer, Call, Desk, Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import LARGEST_ROUND, CodeRound, OneTimeCode, Rated
from registry.domain.people import Actor, PostView
from registry.domain.presence import Presence
from registry.domain.records import Count, Record, Wire
from registry.domain.vocabulary import Disclosure, Level, OrganisationKind

DAYS = declare(
    "code_round.days", RefusalKind.INVALID, "评价的截止日不得早于起始日，也不得早于今天",
    "The last day is neither before the first nor before today.",
)  # fmt: skip
UNKNOWN = declare(
    "code.unknown", RefusalKind.MISSING, "没有这个评价码，请核对：字母和数字 2 至 7，没有数字 0、1、8、9",
    "There is no such code; check it: letters and the digits 2 to 7, never 0, 1, 8 or 9.",
)  # fmt: skip
USED = declare(
    "code.used", RefusalKind.CONFLICT, "这个评价码已经用过，评价已计入",
    "This code was used; its answer is counted.",
)  # fmt: skip
CLOSED = declare(
    "code.closed", RefusalKind.CONFLICT, "评价已截止，或者不在评价期内：{opens_on} 至 {closes_on}",
    "The round is over, or it is not its days: {opens_on} to {closes_on}.",
)  # fmt: skip
_BYTES = 10
"""80 bits, which nobody guesses; they fill their letters without padding."""
_SALT = 16
_COUNTY = 6
"""Digits of a county's code, with which a code begins: it tells where it is to be looked for."""
Words = tuple[str, ...]


class RoundCommand(Asked, frozen=True, kw_only=True):
    """开展评价: how many codes, and the days on which they may be used."""

    opens_on: date
    closes_on: date
    issued: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_ROUND)]


class RoundView(Record, frozen=True, kw_only=True):
    """评价码批次 as it is read: how many answered, never what."""

    organisation_id: str
    area_path: str
    rated: Rated
    subject_id: str
    subject: str
    period: str
    opens_on: date
    closes_on: date
    issued: Count
    used: Count
    closed: bool
    person_id: str


class Issued(Wire, frozen=True, kw_only=True):
    """发码: the codes, told this once; asked for again with the same key there are none."""

    round: RoundView
    codes: list[str]


class AnswerCommand(Wire, frozen=True, kw_only=True):
    """评价: one of five, from very dissatisfied (1) to very satisfied (5)."""

    answer: Annotated[int, msgspec.Meta(ge=1, le=5)]


class Counted(Wire, frozen=True, kw_only=True):
    """已计入: of what, where that is open to the public, and nothing of who."""

    subject: str
    period: str


def resident(county: str) -> Actor:
    """居民: whoever says a word without signing in; no person, no post."""
    post = PostView(
        role="resident", organisation_id="resident", organisation_kind=OrganisationKind.COMMUNITY,
        area_id="resident", area_path="/", level=Level.COUNTY,
    )  # fmt: skip
    return Actor(person_id="resident", name="resident", county=county, posts=[post])


def made(office: Office, county: str, number: int) -> Words:
    """Fresh codes, made beside the act that keeps their digests."""
    fresh = (b32encode(office.source.token(_BYTES)).decode() for _ in range(number))
    return tuple(f"{county}-{code}" for code in fresh)


def seal(office: Office, code: str) -> str:
    """The digest under which a code is kept; without the secret it tells nothing of it."""
    secret = office.secret.encode()
    return "otc-" + hmac.new(secret, code.encode(), hashlib.sha256).hexdigest()


def issue(desk: Desk, command: RoundCommand, id: str, codes: Words) -> Answer:
    """发放评价码: by the community, for what lives there or who asks it of them.

    Args:
        id: of the round, made beside the act, as ``codes`` are: no kept answer of the act may
            hold them.

    Raises:
        Refusal: ``code_round.days``, and as ``satisfying`` says.
    """
    body, area = place(desk, "code_round.issue", command)
    if command.closes_on < max(command.opens_on, desk.today):
        raise Refusal(DAYS)
    subject = subject_of(desk, command, body, area)
    kept = desk.unit.add(CodeRound(
        county=desk.unit.county, id=id, organisation_id=body.id, area_path=area.path,
        rated=command.rated, subject_id=subject.id, subject=subject.name, period=command.period,
        opens_on=command.opens_on, closes_on=command.closes_on, issued=command.issued,
        person_id=desk.actor.person_id,
    ))  # fmt: skip
    # In the order of their digests: that of the list handed out says nothing of the rows.
    for digest in sorted(seal(desk.office, code) for code in codes):
        desk.unit.add(OneTimeCode(county=desk.unit.county, id=digest, round_id=kept.id))
    desk.about(kept)
    return Answer(body=shown(kept), version=kept.version)


def shown(held: CodeRound) -> RoundView:
    """A round as it is read."""
    return RoundView(**{n: getattr(held, n) for n in RoundView.__struct_fields__})


def call(office: Office, code: str) -> Call:
    """The act of a resident with a code: in the county with which it begins.

    Raises:
        Refusal: ``code.unknown``.
    """
    county = code[:_COUNTY]
    if county not in office.store.reader.partitions():
        raise Refusal(UNKNOWN)
    return Call(actor=resident(county), county=county, act="code.answer")


def answer(desk: Desk, code: str, command: AnswerCommand) -> Answer:
    """用码评价: counted once, in one transaction with the use of the code. The log says that a
    resident answered in the round; neither address nor answer stands in it.

    Raises:
        Refusal: ``code.unknown``, ``code.used``, ``code.closed``.
    """
    desk.post = desk.authorise("code.answer").role
    held = desk.unit.maybe(OneTimeCode, seal(desk.office, code.upper()), lock=True)
    if held is None:
        raise Refusal(UNKNOWN)
    if held.used:
        raise Refusal(USED)
    asked = desk.unit.get(CodeRound, held.round_id, lock=True)
    if not asked.opens_on <= desk.today <= asked.closes_on or asked.closed:
        raise Refusal(CLOSED, opens_on=str(asked.opens_on), closes_on=str(asked.closes_on))
    desk.unit.change(held, used=True)
    tally = asked.tally or [0] * len(_FIVE)
    tally = [n + (word == command.answer) for word, n in zip(_FIVE, tally, strict=True)]
    after = desk.unit.change(
        asked, used=asked.used + 1, tally=tally, salt=desk.office.source.token(_SALT).hex()
    )
    desk.about(after)
    return Answer(body=Counted(subject=_open_name(desk, after), period=after.period))


def _open_name(desk: Desk, asked: CodeRound) -> str:
    """What was rated, as the public may read it (P8): of a matter of another class, nothing."""
    if asked.rated is not Rated.PRESENCE:
        return asked.subject
    held = desk.unit.get(Presence, asked.subject_id)
    return asked.subject if held.disclosure is Disclosure.OPEN else ""


_FIVE = (1, 2, 3, 4, 5)
"""The answers, from very dissatisfied to very satisfied."""
