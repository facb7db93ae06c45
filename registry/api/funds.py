"""资金链询问入口 the chain of amounts of one community's matter, and of a request in all of them."""

from registry.actions.ledger import books
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY


def _of_presence(office: Office, asked: Asked) -> books.PresenceFunds:
    return books.of_presence(office, asked.call(asked.actor(), books.READ), asked.id)


def _of_request(office: Office, asked: Asked) -> books.RequestFunds:
    given = {n: v for n in ("request_id",) if (v := asked.query.get(n)) is not None}
    query = read_as(books.FundsQuery, given)
    return books.of_request(office, asked.call(asked.actor(), books.READ), query)


FUNDS: tuple[Question, ...] = (
    Question(path="/presences/{id}/funds", id="presences.funds", zh="资金链：一个社区的一件事项",
             en="The chain of amounts of one matter in one community", ask=_of_presence,
             answers=books.PresenceFunds, module=books, query=COUNTY),
    Question(path="/funds", id="funds.of_request", zh="资金链：一件申请在各社区",
             en="The chain of amounts of a request in its communities", ask=_of_request,
             answers=books.RequestFunds, module=books, query=COUNTY | {"request_id"}),
)  # fmt: skip
