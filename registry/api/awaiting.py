"""待确认询问入口 what of the ledger waits for whoever asks."""

from registry.actions import awaiting
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY


def _awaiting(office: Office, asked: Asked) -> awaiting.Awaiting:
    given = {n: v for n in ("what", "after", "limit") if (v := asked.query.get(n)) is not None}
    query = read_as(awaiting.AwaitingQuery, given)
    return awaiting.awaiting(office, asked.call(asked.actor(), "awaiting.read"), query)


AWAITING: tuple[Question, ...] = (
    Question(path="/confirmations", id="confirmations",
             zh="待我确认：凭证、加批、报账单、指标、清算、期初余额", ask=_awaiting,
             en="What of the ledger waits for whoever asks to confirm it",
             answers=awaiting.Awaiting, module=awaiting,
             query=COUNTY | {"what", "after", "limit"}),
)  # fmt: skip
