"""工作台 待办, 已办, 我发起的, 抄送: what a person finds when they sign in; forms put aside."""

from typing import Any

from registry.actions import boxes
from registry.actions.boxed import Box, BoxItem, BoxPage, OwedKind
from registry.actions.staff import aside as kept_forms
from registry.api.serving import aside
from registry.domain.approval import StepAct
from registry.domain.request import State
from registry.domain.vocabulary import Kind as Matter
from registry.domain.vocabulary import OrganisationKind
from registry.web import keys, narrowing
from registry.web.money.books import awaiting
from registry.web.named import Named
from registry.web.narrowing import Narrowing
from registry.web.offers import anew
from registry.web.records import done_of
from registry.web.serving import Kind, give, moved, shown
from registry.web.shell import may
from registry.web.visit import KEYS, Visit

BOX = Kind(parameters=narrowing.NAMES | {"done"})
PER_PAGE = 50
BEGINS = ("declining.issue", "unregistered.note", "certificate_demand.record")
"""What is begun from the desk, by those who may."""
OWED_AT: dict[OwedKind, str] = {
    OwedKind.HEARING: "records/revocations", OwedKind.OBJECTION: "records/objections",
    OwedKind.COMPLAINT: "records/complaints", OwedKind.REPORT: "records/resident-reports",
    OwedKind.ACCEPTANCE: "records/acceptances", OwedKind.AMENDMENT: "records/amendment-proposals",
    OwedKind.YEARLY: "records/yearly-reviews", OwedKind.FINDING: "audit/findings",
}  # fmt: skip
"""Where what is no task is answered."""


async def desk(visit: Visit) -> Any:
    """``GET /desk``: one page of one box, narrowed as its address says."""
    return await aside(_desk, visit)


def _desk(visit: Visit) -> Any:
    actor, asked = visit.actor(), Narrowing(visit.query)
    page = boxes.page(visit.office, actor, asked.query(PER_PAGE, detailed=True))
    vouchers, over = awaiting(visit) if asked.box is Box.TODO else (0, False)
    return shown(
        visit, "desk.html", boxes=list(Box), box=asked.box, page=page, asked=asked,
        named=Named(visit, page.items), done=done_of(visit), offers=_offers(page),
        days=narrowing.DAYS, acts=list(StepAct), owed=list(OwedKind), matters=list(Matter),
        fields=narrowing.OF_BOX[asked.box], at=_at,
        state=lambda one: visit.tongue.code(State(one)), key=visit.office.source.token(16).hex(),
        files=may(visit.office, actor, "request.draft", "request.record"),
        batch=may(visit.office, actor, "request.approve"),
        wordings=may(visit.office, actor, "phrase.keep"),
        door=any(p.organisation_kind is OrganisationKind.COMMUNITY for p in actor.posts),
        vouchers=vouchers, over=over,
        begin=[act for act in anew(visit.office, actor) if act.act in BEGINS],
    )  # fmt: skip


def _offers(page: BoxPage) -> list[str]:
    """Ids of who asks on this page: what is offered while the name is typed."""
    return sorted({one.case.applicant_id for one in page.items if one.case is not None})


def _at(item: BoxItem) -> str:
    """Where what is owed is answered; empty = in the case itself."""
    where = OWED_AT.get(item.owed.kind) if item.owed else None
    return f"/{where}/{item.owed.id}" if item.owed and where else ""


async def kept(visit: Visit) -> Any:
    """``GET /desk/kept``: forms that were put aside."""
    found = await aside(kept_forms.of, visit.office, visit.actor())
    return shown(visit, "kept.html", drafts=found)


async def drop(visit: Visit) -> Any:
    """``POST /desk/kept``: one of them is not wanted any more."""
    await aside(kept_forms.drop, visit.office, visit.actor(), visit.field("draft"))
    return moved("/desk/kept")


async def turn_keys(visit: Visit) -> Any:
    """``POST /me/keys``: single keys off in this browser, or on again."""
    answer = moved("/me")
    give(visit, answer, KEYS, keys.OFF if visit.field("keys") == keys.OFF else "")
    return answer
