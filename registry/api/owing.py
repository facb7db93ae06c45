"""应付询问入口 what is asked of money owed and is no record: arrears, holdings, the three-way compare."""

from functools import partial

from registry.actions.office import Office
from registry.actions.owing import arrears, holdings, three_way
from registry.actions.owing.arrears import MoneyQuery
from registry.actions.statements import listing
from registry.api.asked import Asked
from registry.api.asking import FORMAT, Form, Question, read_as
from registry.api.serving import COUNTY


def _query(asked: Asked) -> MoneyQuery:
    return read_as(MoneyQuery, {**asked.query, "county": asked.county})


def _arrears(office: Office, asked: Asked) -> arrears.Arrears:
    actor = asked.actor()
    return arrears.arrears(office, actor, _query(asked))


def _holdings(office: Office, asked: Asked) -> holdings.Holdings:
    actor = asked.actor()
    return holdings.holdings(office, actor, _query(asked))


def _three_way(office: Office, asked: Asked) -> three_way.ThreeWay:
    actor = asked.actor()
    return three_way.three_way(office, actor, _query(asked))


_WHICH = COUNTY | {"area", "organisation_id", "request_id", "presence_id", "payer_id", "year"}
_PAGED = {"after", "limit"}

OWING_QUESTIONS: tuple[Question, ...] = (
    Question(path="/arrears", id="arrears", zh="应付、到账与欠付台账（JSON、CSV）", ask=_arrears,
             en="What is promised, due, sent, arrived and still owed", answers=arrears.Arrears,
             module=arrears, query=_WHICH | _PAGED | {"open", "late", FORMAT}, forms={
                 "csv": Form("text/csv", listing.arrears_csv, "csv"),
                 "csv-gb18030": Form("text/csv; charset=gb18030",
                                     partial(listing.arrears_csv, encoding="gb18030"), "csv"),
             }),
    Question(path="/holdings", id="holdings", zh="街道代管资金一览", ask=_holdings,
             en="What streets hold for their communities", answers=holdings.Holdings,
             module=holdings, query=_WHICH),
    Question(path="/reconciliations/three-way", id="reconciliations.three_way",
             zh="进驻事项、协议、凭证三方对账", ask=_three_way,
             en="What was admitted, signed and booked, side by side", answers=three_way.ThreeWay,
             module=three_way, query=_WHICH | _PAGED | {"open"}),
)  # fmt: skip
