"""满意度登记 what residents, communities and streets said of a subject, as counts and nothing else.

Who said what is never asked: a number of answers for each of five words, in a period (P36).
"""

import hashlib
from typing import Annotated

import msgspec

from registry.actions.bodies import STREETS
from registry.actions.evaluating.assessors import assessors
from registry.actions.office import Answer, Desk
from registry.domain.areas import Area
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.evaluating import Counts, Rated, Rater, Satisfaction
from registry.domain.people import Organisation
from registry.domain.personal import personal
from registry.domain.presence import Presence
from registry.domain.records import Count, Ident, Line, Wire
from registry.domain.vocabulary import OrganisationKind

COUNTS = declare(
    "satisfaction.counts", RefusalKind.INVALID,
    "五档人数之和须大于零，且不多于调查人数",
    "The five counts together are at least one, and no more than were asked.",
)  # fmt: skip
SUBJECT = declare(
    "satisfaction.subject", RefusalKind.INVALID,
    "评价对象不对：应为本地社区的进驻事项、另一个单位，或者写明名称的公共服务单位",
    "What is rated is a matter in this place, another body, or a utility given by its name.",
)  # fmt: skip
RATER = declare(
    "satisfaction.rater", RefusalKind.INVALID, "评价主体与登记的单位不符",
    "Who rated is not what this body is.",
)  # fmt: skip
AHEAD = declare(
    "satisfaction.period", RefusalKind.INVALID, "{period}还没有开始",
    "{period} has not begun yet.",
)  # fmt: skip
PERSONAL = declare(
    "satisfaction.personal", RefusalKind.INVALID,
    "像是写了姓名、证件号或者电话；只登记人数，请改写",
    "It looks like a name or a number of a person: only counts are registered.",
)  # fmt: skip
Period = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(Q[1-4])?$")]
"""A year, or a quarter of it."""
ACTS = {
    Rater.RESIDENTS: "satisfaction.record", Rater.COMMUNITY: "satisfaction.rate",
    Rater.STREET: "satisfaction.rate", Rater.WORK: "satisfaction.assess",
}  # fmt: skip
_KINDS = {Rater.COMMUNITY: [OrganisationKind.COMMUNITY], Rater.STREET: STREETS}


class Asked(Wire, frozen=True, kw_only=True):
    """评价对象 of a survey, where and in which period."""

    organisation_id: Ident
    """The community, or street, in which it is asked."""
    rated: Rated
    subject_id: Ident | None = None
    """Presence or organisation; absent = a utility that is no organisation here."""
    subject: Line | None = None
    """Name of such a utility."""
    period: Period


class SatisfactionCommand(Asked, frozen=True, kw_only=True):
    """满意度登记: a later word of the same survey takes the place of the earlier one."""

    rater: Rater
    method: Line
    counts: Counts
    """Very dissatisfied, dissatisfied, neither, satisfied, very satisfied."""
    asked: Count | None = None
    document_id: Ident | None = None


class Subject(Wire, frozen=True, kw_only=True):
    """评价对象: its id and its name on the day."""

    id: str
    name: str


def record(desk: Desk, command: SatisfactionCommand) -> Answer:
    """登记满意度.

    Raises:
        Refusal: ``satisfaction.counts``, ``satisfaction.subject``, ``satisfaction.rater``,
            ``satisfaction.period``, ``satisfaction.personal``.
    """
    body, area = place(desk, ACTS[command.rater], command)
    return _kept(desk, counted(desk, command, body, area))


def counted(
    desk: Desk, command: SatisfactionCommand, body: Organisation, area: Area
) -> Satisfaction:
    """What is told, as it is kept; nothing of it is kept yet.

    Raises:
        Refusal: as ``record`` says.
    """
    began(desk, command.period)
    if command.rater in _KINDS and body.kind not in _KINDS[command.rater]:
        raise Refusal(RATER)
    said = sum(command.counts)
    if not said or (command.asked is not None and said > command.asked):
        raise Refusal(COUNTS)
    if personal(command.method):
        raise Refusal(PERSONAL)
    subject = subject_of(desk, command, body, area)
    if command.rater is Rater.WORK and subject.id in {p.organisation_id for p in desk.actor.posts}:
        raise Refusal(SUBJECT)  # nor does the assessing body assess itself
    whole = (body.id, command.rated, subject.id, command.rater, command.period, command.method)
    id = f"sat-{_digest(*whole)}"
    return Satisfaction(
        county=desk.unit.county, id=id, rated=command.rated, subject_id=subject.id,
        subject=subject.name, organisation_id=body.id, area_path=area.path, rater=command.rater,
        period=command.period, method=command.method, counts=command.counts, asked=command.asked,
        recorded_on=desk.today, person_id=desk.actor.person_id, document_id=command.document_id,
    )  # fmt: skip


def _kept(desk: Desk, told: Satisfaction) -> Answer:
    held = desk.unit.maybe(Satisfaction, told.id, lock=True)
    if held is None:
        kept = desk.unit.add(told)
    else:
        kept = desk.unit.change(
            held, counts=told.counts, asked=told.asked, recorded_on=told.recorded_on,
            person_id=told.person_id, document_id=told.document_id, subject=told.subject,
        )  # fmt: skip
    desk.about(kept)
    return Answer(body=kept, version=kept.version)


def place(desk: Desk, act: str, asked: Asked) -> tuple[Organisation, Area]:
    """The body in which it is asked, and where that lies, if the act may be done for it; no period
    to come."""
    body = desk.places.standing(asked.organisation_id)
    area = desk.places.home(body)
    desk.authorise(act, owners=owners(desk, act, body), paths=[area.path])
    began(desk, asked.period)
    return body, area


def owners(desk: Desk, act: str, body: Organisation) -> list[str]:
    """In whose name it is said: the body's in which it is asked; of the assessment of work, that
    of the body which the pack has assess."""
    return assessors(desk) if act == ACTS[Rater.WORK] else [body.id]


def began(desk: Desk, period: str) -> None:
    """Nothing is said of a period to come.

    Raises:
        Refusal: ``satisfaction.period``.
    """
    if period > f"{desk.today:%Y}Q{_quarter(desk.today.month)}":
        raise Refusal(AHEAD, period=period)


def _quarter(month: int) -> int:
    return 1 + sum(month > last for last in _QUARTER_ENDS)


_QUARTER_ENDS = range(3, 12, 3)
"""Months with which a quarter ends."""


def subject_of(desk: Desk, asked: Asked, body: Organisation, area: Area) -> Subject:
    """What is rated: never the body itself, nor what others said of it by its own people, and no
    community by others (P9).

    Raises:
        Refusal: ``satisfaction.subject``, ``organisation.unknown``.
    """
    if asked.rated is Rated.PRESENCE:
        held = desk.unit.maybe(Presence, asked.subject_id) if asked.subject_id else None
        if held is None or not held.area_path.startswith(area.path):
            raise Refusal(SUBJECT)
        return Subject(id=held.id, name=held.title)
    if asked.subject_id is not None:
        other = desk.places.organisation(asked.subject_id)
        own = {id for post in desk.actor.posts for id in (post.organisation_id, *post.formerly)}
        if other.id in {body.id, *own} or other.kind is OrganisationKind.COMMUNITY:
            raise Refusal(SUBJECT)
        return Subject(id=other.id, name=other.name)
    if asked.rated is Rated.DEPARTMENT or asked.subject is None or personal(asked.subject):
        raise Refusal(SUBJECT)
    return Subject(id=f"utl-{_digest(asked.subject)}", name=asked.subject)


def _digest(*words: str) -> str:
    return hashlib.sha256("|".join(words).encode()).hexdigest()
