"""代录 an act done by what a community said on the telephone.

The right is the caller's: their own post must let them do the act, as if they did it themselves;
whatever binds the caller or who took the call binds the act. The street only writes it down: it
must be allowed to take calls of the community (``telephone.take``), and the act must stand in
``telephoned.toml``. The entry of the log says who telephoned, when, and who took it.
"""

from collections.abc import Collection
from datetime import timedelta

import msgspec

from registry.actions.office import Answer, Desk, Verb
from registry.actions.outbox import Message, heads, tell
from registry.actions.places import above
from registry.actions.staff.accounts import actor_for
from registry.actions.staff.lending import active
from registry.actions.staff.powers import Powers, Ties
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.notice import Notice, NoticeKind
from registry.domain.people import Person, PostView
from registry.domain.records import SHANGHAI
from registry.domain.telephone import Telephoned
from registry.domain.vocabulary import OrganisationKind
from registry.policies.telephoned import shipped

TAKE = "telephone.take"
MARK = "tel"
"""How the ids of what waits to be checked begin."""
CALLER = declare(
    "telephone.caller", RefusalKind.INVALID, "来电人须是本辖区社区（村）的在任人员",
    "Who telephoned must hold a post today in a community that the street answers for.",
    recorded=True,
)  # fmt: skip
ACT = declare(
    "telephone.act", RefusalKind.INVALID, "此项不能电话代录：{act_zh}",
    "This may not be entered by telephone: {act_en}.", recorded=True,
)  # fmt: skip
WHEN = declare(
    "telephone.when", RefusalKind.INVALID, "来电时间不能晚于现在，也不能早于 {days} 日前",
    "The call is neither to come nor longer ago than {days} days.",
)  # fmt: skip


MALFORMED = declare(
    "telephone.malformed", RefusalKind.MALFORMED,
    "电话代录须写明来电人（人员编号）和来电时间（带时区的时刻）",
    "Say who telephoned, by id, and when, with the zone.",
)  # fmt: skip


def told_call(by: str, at: str) -> Telephoned | None:
    """A call as a door was told of it; ``None`` where it was told of none.

    Raises:
        Refusal: ``telephone.malformed``.
    """
    if not by and not at:
        return None
    try:
        told = msgspec.convert({"person_id": by, "at": at}, Telephoned)
    except msgspec.ValidationError as error:
        raise Refusal(MALFORMED) from error
    if told.at.tzinfo is None:
        raise Refusal(MALFORMED)
    return told


def offered(act: str) -> bool:
    """Whether an act of the doors may perhaps be done by telephone."""
    return shipped().offers(act)


class _Taken(Powers):
    """职权 of an act by telephone: the caller's posts, for what may be said by telephone."""

    def passing(
        self, act: str, owners: Collection[str], paths: Collection[str], ties: Ties, *,
        whose: str | None = None,
    ) -> PostView | None:  # fmt: skip
        """As ``Powers.passing``.

        Raises:
            Refusal: ``telephone.act``.
        """
        if act not in shipped().acts:
            zh, en = self._access.named(act)
            raise Refusal(ACT, act=act, act_zh=zh, act_en=en)
        return super().passing(act, owners, paths, ties, whose=whose)


def taken(told: Telephoned, verb: Verb) -> Verb:
    """The act as it is done for who telephoned; the community is told what was entered.

    Raises:
        Refusal: ``access.forbidden``, ``telephone.caller``, ``telephone.act``, ``telephone.when``.
    """

    def by_telephone(desk: Desk) -> Answer:
        posts = _lent(desk, told)
        _check_when(desk, told)
        entry = desk.id(MARK)
        desk.beside = {
            "telephone": {"entry": entry, "told_by": told.person_id, "told_at": _said(told)}
        }
        desk.actor = msgspec.structs.replace(desk.actor, posts=posts)
        desk.powers = _Taken(desk.office.access, desk.unit, desk.actor, desk.today)
        answer = verb(desk)
        if answer.refused is None:
            _to_check(desk, told, entry, posts)
        return answer

    return by_telephone


def _lent(desk: Desk, told: Telephoned) -> list[PostView]:
    """The caller's own posts in communities whose calls whoever acts may take."""
    person = next(
        (p for c in above(desk.unit.county) if (p := desk.unit.beside(c).maybe(
            Person, told.person_id)) is not None), None,
    )  # fmt: skip
    if person is None or not active(desk.unit.beside(person.county), person.id, desk.today):
        raise Refusal(CALLER)
    held = [
        p for p in actor_for(desk.office, person).posts
        if p.on_behalf_of is None and p.organisation_kind is OrganisationKind.COMMUNITY
    ]  # fmt: skip
    mine = [p for p in held if desk.powers.passing(TAKE, [], [p.area_path], ())]
    if not mine:
        raise desk.forbidden(TAKE) if held else Refusal(CALLER)
    acts = sorted(shipped().acts)
    change = msgspec.structs.replace
    return [change(p, on_behalf_of=person.id, acts=acts) for p in mine]


def _check_when(desk: Desk, told: Telephoned) -> None:
    days = shipped().days
    if not desk.now - timedelta(days=days) <= told.at <= desk.now:
        raise Refusal(WHEN, days=days)


def _said(told: Telephoned) -> str:
    return told.at.astimezone(SHANGHAI).isoformat(timespec="minutes")


def _to_check(desk: Desk, told: Telephoned, entry: str, posts: list[PostView]) -> None:
    """Put it before the community: one line of its own to check, and word to its people."""
    body = next((p for p in posts if p.role == desk.post), posts[0]).organisation_id
    zh, en = desk.office.access.named(desk.act)
    at = told.at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
    message = Message(
        kind=NoticeKind.DELEGATED, text=f"电话代录，请核对：{zh}（{at} 来电）",
        text_en=f"Entered by telephone, please check: {en} (call of {at})",
    )  # fmt: skip
    about = desk.subject
    desk.unit.add(Notice(
        county=desk.unit.county, id=entry, person_id=body, kind=message.kind,
        object_kind=type(about).__name__.lower() if about else "",
        object_id=about.id if about else desk.unit.county, text=message.text,
        text_en=message.text_en, made_on=desk.today, made_at=desk.now,
    ))  # fmt: skip
    tell(desk, [told.person_id, *heads(desk, body)], message, about)
