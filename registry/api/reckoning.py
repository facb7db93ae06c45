"""测算书询问入口 how the money of a request is reckoned, figure by figure."""

from registry.actions.ledger import reckoned
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question
from registry.api.serving import COUNTY


def _reckoning(office: Office, asked: Asked) -> reckoned.Reckoning:
    return reckoned.of_request(office, asked.call(asked.actor(), reckoned.READ), asked.id)


RECKONING: tuple[Question, ...] = (
    Question(path="/requests/{id}/reckoning", id="requests.reckoning",
             zh="测算书：每项经费的公式、数额和各社区份额",
             en="How every funding line was reckoned, and what each community gets",
             ask=_reckoning, answers=reckoned.Reckoning, module=reckoned, query=COUNTY),
)  # fmt: skip
