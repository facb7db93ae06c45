"""欠办的案件 what is owed in the cases a body asks for: returned ones, drafts that nobody has signed
yet, what a yearly review asks.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Text,
    and_,
    cast,
    exists,
    literal_column,
    null,
    or_,
    select,
)

from registry.domain.evaluating import Proposal, YearlyReview
from registry.domain.presence import Presence
from registry.domain.request import Request
from registry.store import tables
from registry.store.columns import Day
from registry.store.published import IN_FORCE

_SURE = literal_column("0", Integer()).label("provisional")
"""Nothing runs."""
_GOING: list[Any] = [literal_column(f"'{one.value}'") for one in (Proposal.RENEW, Proposal.EXIT)]
"""What a review's decision drafts a request for."""


def returned(column: str, counties: Sequence[Any], whose: Sequence[Any]) -> Select[Any]:
    """补正: what was returned and is not handed in again."""
    return _waiting(("supplement", "returned"), column, counties, whose)


def unsigned(counties: Sequence[Any], whose: Sequence[Any]) -> Select[Any]:
    """签发: drafts of each body that nobody has handed in; a part goes with its whole, and what a
    yearly review drafted is told as that."""
    request, review = tables.BY_RECORD[Request], tables.BY_RECORD[YearlyReview]
    told = exists().where(
        review.c.county == request.c.county, review.c.request_id == request.c.amends,
        review.c.event_to.is_(None), review.c.decided.in_(_GOING),
    )  # fmt: skip
    drafts = _waiting(("signature", "draft"), "applicant_id", counties, whose)
    return drafts.where(request.c.parent_id.is_(None), ~told)


def _waiting(
    what: tuple[str, str], column: str, counties: Sequence[Any], whose: Sequence[Any]
) -> Select[Any]:
    """Requests in one state, by what they are owed as, and that state."""
    kind, state = what
    # The state is said as a word: an index on part of the rows serves only where that is named.
    request = tables.BY_RECORD[Request]
    return select(
        literal_column(f"'{kind}'", Text()).label("kind"),
        request.c.county, request.c.id, request.c.id.label("request_id"),
        cast(null(), Day()).label("due_on"), _SURE, request.c.title, request.c.state,
    ).where(
        request.c.county.in_(counties), request.c.event_to.is_(None),
        request.c.state == literal_column(f"'{state}'"), request.c[column].in_(whose),
    )  # fmt: skip


def reviewed(counties: Sequence[Any], whose: Sequence[Any]) -> Select[Any]:
    """年度评估: a change that was asked for and is not filed since, or a draft made by the decision
    that nobody has submitted; each found by the cases of the body."""
    review, request = tables.BY_RECORD[YearlyReview], tables.BY_RECORD[Request]
    later, there = request.alias("later"), tables.BY_RECORD[Presence]
    case = and_(
        request.c.county == review.c.county, request.c.id == review.c.request_id,
        request.c.event_to.is_(None), request.c.applicant_id.in_(whose),
    )  # fmt: skip
    amends = and_(
        later.c.county == review.c.county, later.c.amends == review.c.request_id,
        later.c.event_to.is_(None),
    )  # fmt: skip
    filed = exists().where(amends, later.c.applied_on >= review.c.proposed_on)
    drafted = exists().where(amends, later.c.state == literal_column("'draft'"))
    changed: list[Any] = [
        literal_column(f"'{one.value}'") for one in (Proposal.ADJUST, Proposal.MERGE)
    ]
    here = exists().where(
        there.c.county == review.c.county, there.c.request_id == review.c.request_id,
        there.c.event_to.is_(None), there.c.state.in_([literal_column(f"'{s}'") for s in IN_FORCE]),
    )  # fmt: skip
    return select(
        literal_column("'yearly_review'", Text()).label("kind"),
        review.c.county, review.c.id, review.c.request_id,
        cast(null(), Day()).label("due_on"), _SURE, request.c.title, request.c.state,
    ).select_from(review.join(request, case)).where(
        review.c.county.in_(counties), review.c.event_to.is_(None), here,
        or_(
            and_(review.c.decided.in_(changed), ~filed), and_(review.c.decided.in_(_GOING), drafted)
        ),
    )  # fmt: skip
