"""疑点登记 findings of spending: opened once, kept true, and closed when they no longer hold."""

from collections.abc import Iterator, Sequence

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Desk
from registry.actions.spending import doubts, looking
from registry.actions.spending.looking import Question
from registry.domain.budget import PopulationCount
from registry.domain.people import Person
from registry.domain.request import Request
from registry.domain.spending import STANDING, Expenditure, Signatory, plain


def look(desk: Desk, changed: Sequence[Expenditure]) -> list[str]:
    """Look at what an act has confirmed or taken back; ids of the findings opened or closed."""
    if not changed:
        return []
    asked = Question(
        desk.unit.connection, desk.unit.county, desk.rulebook(),
        lambda id: desk.unit.get(Request, id).filing, desk.today, _counts(desk, changed), changed,
        looking.gone(changed),
    )  # fmt: skip
    found = (*looking.odd(asked), *_handled(desk, changed))
    ids = set().union(*(looking.possible(row, asked.book) for row in changed))
    return keeping.set_right(desk, found, ids)


def _counts(desk: Desk, changed: Sequence[Expenditure]) -> dict[tuple[str, str], int]:
    areas = {row.area_path.strip("/").rpartition("/")[2] for row in changed}
    return looking.counted(desk.unit.find(PopulationCount, area_id=sorted(areas)))


def _handled(desk: Desk, changed: Sequence[Expenditure]) -> Iterator[Seen]:
    """Payments to a person of the same name as who handled them."""
    for row in changed:
        handler = desk.unit.maybe(Person, row.signatures.get(Signatory.HANDLED, ""))
        if row.state in STANDING and row.payee_kind == "person" and handler is not None and (
            plain(handler.name) == plain(row.payee_name)
        ):  # fmt: skip
            yield Seen(
                doubts.HANDLER, looking.finding_id(doubts.HANDLER, row.id), row.id,
                row.organisation_id, row.area_path, {"amount_fen": row.amount_fen},
                {"expenditures": [row.id], "vouchers": [row.voucher_id]},
            )  # fmt: skip
