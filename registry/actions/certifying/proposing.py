"""提请修改 where a statute still asks for a paper that a list forbids: a department must answer.

民发〔2020〕20号 has the department propose to amend a rule whose paper the community cannot vouch
for; the office drafts it from what is met in practice, once for each paper in the county.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Annotated

import msgspec

from registry.actions.certifying.answering import offices
from registry.actions.doubting import keeping
from registry.actions.doubting.cases import AMENDMENT_OVERDUE
from registry.actions.doubting.keeping import Seen
from registry.actions.numbering import take_paper_number
from registry.actions.office import Answer, Desk, Office
from registry.actions.outbox import Message, heads, tell
from registry.domain.admission import Verdict
from registry.domain.certifying import AmendmentProposal, CertificateDemand, ProposalState
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.filing import Filing
from registry.domain.notice import NoticeKind
from registry.domain.people import Organisation
from registry.domain.records import Ident, Wire
from registry.domain.serial import Paper
from registry.domain.vocabulary import Level, OrganisationKind
from registry.policies.certificates import Conflict, conflict_of
from registry.policies.judge import Rulebook

STATE = declare(
    "amendment.state", RefusalKind.CONFLICT, "该提请当前为“{state_zh}”，不能办理",
    "The proposal is {state}; this is not done to it now.", recorded=True,
)  # fmt: skip
DEPARTMENT = declare(
    "amendment.department", RefusalKind.INVALID, "提请应送有权修改或者提请修改法规的部门，不能送{name}",
    "A proposal goes to a department that can have the rule amended, not to {name}.",
    recorded=True,
)  # fmt: skip
_STATE_ZH = {
    ProposalState.DRAFTED: "已拟", ProposalState.SENT: "已提请", ProposalState.ANSWERED: "已答复",
}  # fmt: skip
_NOT_ASKED = (OrganisationKind.COMMUNITY, OrganisationKind.STREET, OrganisationKind.TOWNSHIP)


Effect = Callable[[Desk], Answer]


class SendCommand(Wire, frozen=True, kw_only=True):
    """提请: to which department, and why."""

    department_id: Ident
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=5000, pattern=r"\S")]


class AnswerCommand(Wire, frozen=True, kw_only=True):
    """答复: whether the department will have the rule amended."""

    agrees: bool
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=5000, pattern=r"\S")]


def draft(desk: Desk, conflict: Conflict) -> AmendmentProposal | None:
    """拟提请修改 in the name of the county's office, the first time a paper is met in the county;
    none where it was drafted before, or no office is there to send it."""
    id = f"amd-{conflict.item_id}"
    if desk.unit.maybe(AmendmentProposal, id) is not None:
        return None
    proposing = offices(desk.unit.find(Organisation, level=Level.COUNTY.value))
    there = [one for one in proposing if one.in_force(desk.today)]
    if not there:
        return None
    return desk.unit.add(AmendmentProposal(
        county=desk.unit.county, id=id, item_id=conflict.item_id, item=conflict.item,
        statute=conflict.statute, clause=conflict.clause, times=_times(desk, conflict.item_id),
        organisation_id=there[0].id, drafted_on=desk.today,
    ))  # fmt: skip


def draft_for(desk: Desk, filing: Filing, verdict: Verdict) -> None:
    """The same for a filing that was judged to stand between a list and a statute."""
    if any(row.get("certificate") == "conflict" for row in verdict.facts):
        paths = [area.path for area in desk.places.areas(filing.targets, desk.today)]
        found = conflict_of(desk.rulebook(), filing, desk.today, paths)
        if found is not None:
            draft(desk, found)


def _times(desk: Desk, item_id: str) -> int:
    """How often the paper was demanded in the county until now."""
    return sum(one.times for one in desk.unit.find(CertificateDemand, item_id=item_id))


def send(desk: Desk, id: str, version: int | None, command: SendCommand) -> Answer:
    """提请修改: numbered and sent; the department's time begins.

    Raises:
        Refusal: ``amendment.state``, ``amendment.department``.
    """
    proposal = desk.unit.get(AmendmentProposal, id, lock=True)
    desk.about(proposal)
    desk.authorise("amendment_proposal.send", owners=[proposal.organisation_id])
    _check_state(proposal, ProposalState.DRAFTED)
    desk.check_version(proposal, version)
    department = desk.places.standing(command.department_id)
    if department.kind in _NOT_ASKED or department.id == proposal.organisation_id:
        raise Refusal(DEPARTMENT, name=department.name)
    office = desk.places.now(proposal.organisation_id)
    due, provisional = _due(desk.rulebook(), desk.rulebook(), desk.today)
    sent = desk.unit.change(
        proposal, state=ProposalState.SENT, department_id=department.id, why=command.why,
        number=take_paper_number(desk, Paper.PROPOSAL, office, object_id=id),
        times=_times(desk, proposal.item_id), sent_on=desk.today,
        sent_by=desk.actor.person_id, due_on=due, due_provisional=provisional,
    )  # fmt: skip
    desk.about(sent)
    tell(desk, heads(desk, department.id), Message(
        kind=NoticeKind.HANDED, text=f"提请修改：{sent.item}（{sent.statute}），请答复",
        text_en=f"Proposed to be amended: {sent.statute}; please answer",
    ), sent)  # fmt: skip
    return Answer(body=sent, version=sent.version)


def _due(of_then: Rulebook, today: Rulebook, sent_on: date) -> tuple[date | None, bool]:
    """The last day to answer by the pack of the day it was sent and the calendar of today, and
    whether it is a guess; none where the pack is silent."""
    rule = of_then.overlay.setting(lambda d: d.proposal)
    if rule is None or rule.within is None:
        return None, False
    return today.calendar.due(rule.within, sent_on)


def answer(desk: Desk, id: str, version: int | None, command: AnswerCommand) -> Answer:
    """答复提请, by the department it was sent to.

    Raises:
        Refusal: ``amendment.state``.
    """
    proposal = desk.unit.get(AmendmentProposal, id, lock=True)
    desk.about(proposal)
    desk.authorise("amendment_proposal.answer", owners=[proposal.department_id or ""])
    _check_state(proposal, ProposalState.SENT)
    desk.check_version(proposal, version)
    answered = desk.unit.change(
        proposal, state=ProposalState.ANSWERED, agrees=command.agrees, answer=command.text,
        answered_on=desk.today, answered_by=desk.actor.person_id,
    )  # fmt: skip
    keeping.close(desk, _finding(id))
    desk.about(answered)
    tell(desk, heads(desk, proposal.organisation_id), Message(
        kind=NoticeKind.AFTERWARDS, text=f"提请修改已答复：{answered.item}",
        text_en=f"Answered: the proposal to amend {answered.statute}",
    ), answered)  # fmt: skip
    return Answer(body=answered, version=answered.version)


def _check_state(proposal: AmendmentProposal, wanted: ProposalState) -> None:
    if proposal.state is not wanted:
        state = proposal.state
        raise Refusal(STATE, state=state.value, state_zh=_STATE_ZH[state])


def _finding(id: str) -> str:
    return f"{id}.overdue"


def late(office: Office, county: str, today: date) -> Iterator[tuple[str, Effect]]:
    """Proposals not answered by their day: marked once, with a finding that is left open until the
    answer comes. A guessed day makes nobody late; it is made firm when the year's table came."""
    waiting = office.store.reader.find(
        AmendmentProposal, county, before=("due_on", today), state=ProposalState.SENT.value,
        overdue=False,
    )  # fmt: skip
    for proposal in waiting:
        sent = proposal.sent_on or today
        if not proposal.due_provisional:
            yield "amendment_overdue", partial(_overdue, id=proposal.id)
        elif not _due(office.rulebooks.of(county, sent), office.rulebooks.of(county, today), sent)[
            1
        ]:
            yield "recomputed", partial(_firm, id=proposal.id)


def _firm(desk: Desk, id: str) -> Answer:
    proposal = desk.unit.get(AmendmentProposal, id, lock=True)
    desk.about(proposal)
    sent = proposal.sent_on or desk.today
    due, provisional = _due(desk.rulebook(sent), desk.rulebook(), sent)
    return Answer(body=desk.unit.change(proposal, due_on=due, due_provisional=provisional).id)


def _overdue(desk: Desk, id: str) -> Answer:
    proposal = desk.unit.get(AmendmentProposal, id, lock=True)
    desk.about(proposal)
    if proposal.state is not ProposalState.SENT or proposal.overdue:
        return Answer(body=None)  # answered since it was looked at
    desk.unit.change(proposal, overdue=True)
    facts = {"number": proposal.number, "item": proposal.item, "due_on": str(proposal.due_on),
             "times": proposal.times}  # fmt: skip
    seen = Seen(AMENDMENT_OVERDUE, _finding(id), id, proposal.department_id, None, facts)
    return Answer(body=keeping.tell(desk, seen).id)
