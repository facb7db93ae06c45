"""年末账册 one community's books as far as the end of a year asks of them: a community of very many
matters is added up by the database, not read line by line.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select

from registry.domain.accounts import Account
from registry.domain.funds import VoucherLine
from registry.domain.presence import Presence, PresenceState
from registry.store import tables
from registry.store.chain import ACCOUNTS, LINE, PLACE, STAGES
from registry.store.mapping import to_record

_BROUGHT = sorted(account.value for account in (Account.CARRIED, Account.OPENING))
"""Accounts out of which comes the money of a year that the line itself names."""
_APART = (LINE.c.stage, LINE.c.presence_id, LINE.c.funding_key, LINE.c.year, LINE.c.debit,
          LINE.c.credit, LINE.c.indicator_id)  # fmt: skip
"""What tells lines apart that count, beside the year whose money they bring."""


def added_up(connection: Connection, county: str, organisation_id: str) -> list[VoucherLine]:
    """The lines of a community: what waits, and what was brought over, as it stands; of the rest
    that counts all of one kind as one line, without a voucher."""
    single = or_(
        ~LINE.c.counted, LINE.c.debit.in_(_BROUGHT), LINE.c.credit.in_(_BROUGHT)
    )  # fmt: skip
    here = [LINE.c.county == county, LINE.c.event_to.is_(None), _of(county, organisation_id)]
    rows: Any = connection.execute(select(LINE).where(*here, single)).mappings()
    found = [to_record(VoucherLine, row) for row in rows]
    rest = ~func.coalesce(single, False)  # An account that is not told is none of these.
    sums = select(*_APART, func.sum(LINE.c.amount_fen)).where(*here, rest).group_by(*_APART)
    told: Any = connection.execute(sums)
    # As the driver gives them: words and whole numbers, of which the largest have very many.
    raw = told.cursor.fetchall()
    told.close()
    return found + [
        VoucherLine(
            county=county, id="", voucher_id="", request_id=None, stage=STAGES[stage],
            presence_id=presence, funding_key=key, year=year, indicator_id=indicator,
            debit=ACCOUNTS[debit], credit=ACCOUNTS[credit], amount_fen=int(fen), counted=True,
        )
        for stage, presence, key, year, debit, credit, indicator, fen in raw
    ]  # fmt: skip


def ending(
    connection: Connection, county: str, of: tuple[str, Iterable[PresenceState]], last: date
) -> list[Presence]:
    """The matters of a community in some states that end by a day, in the order of their ids.

    Args:
        of: the community's organisation, and the states.
    """
    place, (organisation_id, states) = tables.BY_RECORD[Presence], of
    query = select(place).where(
        place.c.county == county, place.c.event_to.is_(None), place.c.ends_on <= last,
        place.c.organisation_id == organisation_id,
        place.c.state.in_(sorted(state.value for state in states)),
    )  # fmt: skip
    rows: Any = connection.execute(query.order_by(place.c.id)).mappings()
    return [to_record(Presence, row) for row in rows]


def _of(county: str, organisation_id: str) -> Any:
    """Lines of what lies in a community now: what another had is its heir's (P15)."""
    own = select(PLACE.c.id).where(
        PLACE.c.county == county, PLACE.c.event_to.is_(None),
        PLACE.c.organisation_id == organisation_id,
    )  # fmt: skip
    return LINE.c.presence_id.in_(own)
