"""提醒箱 a person's own notices: marked as read, and a day's worth of them in one answer."""

from datetime import date

from registry.actions.office import Answer, Desk, Office
from registry.actions.seeing import own_ground
from registry.domain.notice import NOTICE_ZH, Notice, NoticeKind
from registry.domain.people import Actor
from registry.domain.records import Wire, civil


class DigestGroup(Wire, frozen=True, kw_only=True):
    """摘要一类: the sentences of one kind, those not yet read first."""

    kind: NoticeKind
    kind_zh: str
    count: int
    unread: int
    notices: list[Notice]


class Digest(Wire, frozen=True, kw_only=True):
    """每日摘要: what a person was told on one day, and how much is unread of all days."""

    on: date
    unread: int
    groups: list[DigestGroup]


class Marked(Wire, frozen=True, kw_only=True):
    """已读数."""

    marked: int


def read(desk: Desk, notice_id: str, version: int | None) -> Answer:
    """标为已读: one's own; another's is as if it did not exist."""
    notice = desk.unit.get(Notice, notice_id, lock=True)
    desk.about(notice)
    desk.authorise("notice.read", owners=_own(desk, notice))
    desk.check_version(notice, version)
    changed = notice if notice.read else desk.unit.change(notice, read=True, read_at=desk.now)
    return Answer(body=changed, version=changed.version)


def read_all(desk: Desk) -> Answer:
    """全部标为已读."""
    desk.authorise("notice.read_all", owners=[p.organisation_id for p in desk.actor.posts])
    unread = desk.unit.find(Notice, person_id=desk.actor.person_id, read=False)
    for notice in unread:
        desk.unit.change(notice, read=True, read_at=desk.now)
    return Answer(body=Marked(marked=len(unread)))


def _own(desk: Desk, notice: Notice) -> list[str]:
    mine = notice.person_id == desk.actor.person_id
    return [p.organisation_id for p in desk.actor.posts] if mine else []


def digest(office: Office, actor: Actor, on: date | None) -> Digest:
    """每日摘要 of a person: today's where no day is named."""
    day, reader = on or civil(office.clock()), office.store.reader
    counties = [scope.county for scope in own_ground(office, actor)]
    told = [
        n for c in counties for n in reader.find(Notice, c, person_id=actor.person_id, made_on=day)
    ]
    unread = sum(reader.many(Notice, c, person_id=actor.person_id, read=False) for c in counties)
    groups = [
        DigestGroup(
            kind=kind, kind_zh=NOTICE_ZH[kind], count=len(held),
            unread=sum(not n.read for n in held), notices=held,
        )
        for kind in NoticeKind
        if (held := sorted((n for n in told if n.kind is kind), key=lambda n: (n.read, n.id)))
    ]  # fmt: skip
    return Digest(on=day, unread=unread, groups=groups)
