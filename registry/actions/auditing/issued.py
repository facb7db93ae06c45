"""发文目录 documents that went out to communities, held against what was admitted (P22).

Only number, title and 主送 come in. A number under which somebody asked is matched by itself; what
is addressed to communities and stands under no request is asked about; a person classes the rest.
"""

from collections.abc import Callable, Iterator
from typing import Annotated

import msgspec

from registry.actions.auditing.conduct import ISSUED
from registry.actions.doubting import keeping
from registry.actions.doubting.glancing import Glance
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.sheets import LIMIT_ROWS, as_csv, sheet_refused
from registry.domain.areas import Area, AreaLevel, called
from registry.domain.auditing import IssuedDocument, IssuedState
from registry.domain.document_number import folded, kept, writings
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.issued_sheets import IssuedLine, read_issued
from registry.domain.people import Actor, Organisation
from registry.domain.records import Ident, Line, Wire
from registry.domain.request import Request, State
from registry.policies.addressed import names_communities

ACT = "issued_document.import"
ROOM = "issued"
WHICH = declare(
    "issued.which", RefusalKind.INVALID, "或者写明对应的申请，或者写明不涉及社区的理由，二者选一",
    "Name the request it stands under, or say why it asks nothing of communities: one of the two.",
)  # fmt: skip
ASKED = frozenset(State) - {State.DRAFT}
"""States of a request that was handed in, whatever became of it."""
Effect = Callable[[Desk], Answer]


class IssuedTaken(Wire, frozen=True, kw_only=True):
    """导入结果."""

    rows: int
    added: int
    known: int
    matched: int
    """Under whose number a request stands."""
    asked: int
    """Addressed to communities, and under no request."""


class IssuedCommand(Wire, frozen=True, kw_only=True):
    """发文归类 by a person."""

    request_id: Ident | None = None
    """It is what this request asks."""
    outside: Annotated[bool, msgspec.Meta(description="asks nothing of communities")] = False
    reason: Line


def read(name: str, data: bytes) -> list[IssuedLine]:
    """A list, CSV (UTF-8, GB18030) or workbook.

    Raises:
        Refusal: ``import.cells``, every bad cell.
    """
    rows, errors = read_issued(as_csv(name, data), LIMIT_ROWS)
    sheet_refused(errors)
    return rows


def bring_in(desk: Desk, rows: list[IssuedLine]) -> Answer:
    """导入发文目录: a number that stands already changes nothing."""
    desk.authorise(ACT, paths=[desk.places.county().path])
    names = _called(desk)
    known = {folded(one.number) for one in desk.unit.find(IssuedDocument)}
    bodies, asks = _bodies(desk), _Asked(desk)
    added = matched = asked = 0
    for row in rows:
        if folded(row.number) in known:
            continue
        known.add(folded(row.number))
        issuer = bodies.get(row.issuer)
        document = IssuedDocument(
            county=desk.unit.county, id=desk.id("iss"), number=kept(row.number), title=row.title,
            issuer_name=row.issuer, issuer_id=issuer, issued_on=row.issued_on,
            sent_to=row.sent_to, communities=names_communities(row.sent_to, names),
        )  # fmt: skip
        request = asks.of(document)
        if request is not None:
            state = {"state": IssuedState.MATCHED, "request_id": request}
            document = msgspec.structs.replace(document, **state)
        desk.unit.add(document)
        added, matched = added + 1, matched + (request is not None)
        if seen := seen_of(document):
            keeping.tell(desk, seen)
            asked += 1
    desk.note = {"rows": len(rows), "added": added}
    return Answer(body=IssuedTaken(rows=len(rows), added=added, known=len(rows) - added,
                                   matched=matched, asked=asked))  # fmt: skip


def classify(desk: Desk, id: str, version: int | None, command: IssuedCommand) -> Answer:
    """发文归类: what the numbers do not show a person says.

    Raises:
        Refusal: ``issued.which``, ``record.missing``.
    """
    document = desk.unit.get(IssuedDocument, id, lock=True)
    desk.about(document)
    desk.authorise("issued_document.classify", paths=[desk.places.county().path])
    desk.check_version(document, version)
    if command.outside == (command.request_id is not None):
        raise Refusal(WHICH)
    if command.request_id is not None:
        desk.unit.get(Request, command.request_id)
    state = IssuedState.OUTSIDE if command.outside else IssuedState.MATCHED
    after = desk.unit.change(
        document, state=state, request_id=command.request_id, reason=command.reason
    )
    keeping.close(desk, _finding(id))
    desk.about(after)
    return Answer(body=after, version=after.version)


class _Asked:
    """已申报: under or on which numbers somebody has asked; each issuer's requests are read once,
    however many documents it has sent out."""

    def __init__(self, desk: Desk) -> None:
        self._find = desk.unit.find
        self._resting: dict[str, dict[str, str]] = {}

    def of(self, document: IssuedDocument) -> str | None:
        """The first request that was handed in under its number, or that rests on it."""
        for one in self._find(Request, letter_number=writings(document.number)):
            if one.state in ASKED:
                return one.id
        if document.issuer_id is None:
            return None
        return self._of(document.issuer_id).get(folded(document.number))

    def _of(self, issuer: str) -> dict[str, str]:
        if issuer not in self._resting:
            told = self._resting[issuer] = {}
            for one in self._find(Request, applicant_id=issuer):
                for basis in one.filing.bases if one.state in ASKED else ():
                    told.setdefault(folded(basis.document_number or ""), one.id)
        return self._resting[issuer]


def seen_of(document: IssuedDocument) -> Seen | None:
    """What is asked of a document that went to communities and stands under no request."""
    if document.state is not IssuedState.OPEN or not document.communities:
        return None
    return Seen(
        ISSUED, _finding(document.id), document.id, document.issuer_id, None,
        {"number": document.number, "title": document.title,
         "issued_on": document.issued_on.isoformat(), "sent_to": document.sent_to},
        {"issued-documents": [document.id]},
    )  # fmt: skip


def _finding(id: str) -> str:
    return f"{id}.{ISSUED.code}"


def effects(office: Office, actor: Actor, glance: Glance) -> list[tuple[str, Effect]]:
    """One effect for each document under whose number somebody has asked meanwhile."""
    if glance.idle(ROOM):
        return []
    call = Call(actor=actor, county=glance.county, act="tick.issued_matched")
    found = office.ask(call, lambda desk: Answer(body=list(_met(desk)))).body
    glance.done(ROOM, left=len(found))
    return [("issued_matched", _matching(id)) for id in found]


def _met(desk: Desk) -> Iterator[str]:
    asks = _Asked(desk)
    for document in desk.unit.find(IssuedDocument, state=IssuedState.OPEN.value):
        if asks.of(document) is not None:
            yield document.id


def _matching(id: str) -> Effect:
    def verb(desk: Desk) -> Answer:
        document = desk.unit.get(IssuedDocument, id, lock=True)
        desk.about(document)
        request = _Asked(desk).of(document)
        if document.state is not IssuedState.OPEN or request is None:
            return Answer(body=None)
        desk.unit.change(document, state=IssuedState.MATCHED, request_id=request)
        keeping.close(desk, _finding(id))
        return Answer(body=id)

    return verb


def _called(desk: Desk) -> list[str]:
    places = desk.unit.find(Area, level=AreaLevel.COMMUNITY.value)
    return sorted({name for place in places for name in called(place.name)})


def _bodies(desk: Desk) -> dict[str, str]:
    """The body of each name that one alone bears."""
    found: dict[str, list[str]] = {}
    for one in desk.unit.find(Organisation):
        found.setdefault(one.name, []).append(one.id)
    return {name: ids[0] for name, ids in found.items() if name and len(ids) == 1}
