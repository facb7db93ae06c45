"""预算入口 what a standard a head wants and has; every kind of finding about money."""

from registry.actions.budgeting import provisions
from registry.actions.doubting import catalogue
from registry.actions.office import Office
from registry.api.asked import Asked
from registry.api.asking import Question, read_as
from registry.api.serving import COUNTY
from registry.domain.funds import Year
from registry.domain.records import Wire


def _provisions(office: Office, asked: Asked) -> provisions.Provisions:
    given = asked.query.get("year")
    year = read_as(_OfYear, {"year": given}).year if given is not None else None
    return provisions.asked(office, asked.call(asked.actor(), "provision.read"), year)


class _OfYear(Wire, frozen=True, kw_only=True):
    year: Year


def _catalogue(office: Office, asked: Asked) -> catalogue.Catalogue:
    asked.actor()
    return catalogue.listed(office)


BUDGET_QUESTIONS: tuple[Question, ...] = (
    Question(path="/provisions", id="provisions.check", zh="人均经费核对：应列与已列",
             en="What a standard a head wants in the budgets, and what is there", ask=_provisions,
             answers=provisions.Provisions, module=provisions, query=COUNTY | {"year"}),
    Question(path="/finding-kinds", id="findings.catalogue", zh="经费疑点目录",
             en="Every kind of finding about money, and in the light of which clause",
             ask=_catalogue, answers=catalogue.Catalogue, module=catalogue),
)  # fmt: skip
