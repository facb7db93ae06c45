"""文件与履职清单: what a matter rests on, whether it still stands, and what a street may not pass down."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from registry.actions import judging
from registry.actions.judging import PrecheckCommand
from registry.actions.office import Call
from registry.actions.rules import instruments
from registry.actions.rules.duties import Sheet, import_duties
from registry.actions.rules.instruments import import_instruments
from registry.actions.seeding import Seeder
from registry.actions.ticking import tick
from registry.domain.admission import Verdict
from registry.domain.audit import Finding
from registry.domain.instrument import Instrument, InstrumentCommand
from tests.actions import case
from tests.actions.measuring import in_force
from tests.actions.refused import refused

NUMBER = "演民发〔2026〕1号"
OTHER = "演民发〔2026〕2号"
SHEET = "document_number,title,issuer,issued_on,effective_on,lapses_on\n"
DUTIES = """number,title,class,departments,basis
1,辖区道路保洁外包监管,基本,城管局,演示清单
2,协助开展防汛值守,配合,应急局,演示清单
3,户外招牌安全鉴定,上级收回,住建局,演示清单
"""


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, 0, tzinfo=UTC)


def _command(**changes: Any) -> InstrumentCommand:
    fields = {
        "document_number": NUMBER, "title": "演示通知", "issuer": "演示县民政局",
        "issued_on": "2026-01-05", "effective_on": "2026-01-10", **changes,
    }  # fmt: skip
    return msgspec.convert(fields, InstrumentCommand)


def _registered(hand: Any, **changes: Any) -> Instrument:
    command = _command(**changes)
    kept: Instrument = hand("county.office").do(lambda d: instruments.record(d, command))
    return kept


def _asked(hand: Any, **changes: Any) -> Verdict:
    person = hand("dept.clerk")
    command = PrecheckCommand(filing=case.filing_of(**changes))
    call = Call(actor=person.actor, county=person.county, act="precheck.ask")
    verdict: Verdict = person.office.ask(call, lambda d: judging.precheck_answer(d, command)).body
    return verdict


def _basis_state(verdict: Verdict) -> str:
    return verdict.facts[0].get("basis_state", "none")


def _based(*numbers: str) -> dict[str, Any]:
    return {
        "bases": [{"level": "policy", "title": "演示文件", "document_number": n} for n in numbers]
    }


def test_a_basis_without_a_number_says_nothing(one_hand):
    assert _basis_state(_asked(one_hand, **_based(""))) == "none"


def test_a_basis_that_nobody_registered_is_unknown(one_hand):
    assert _basis_state(_asked(one_hand, **_based(NUMBER))) == "unknown"


@pytest.mark.parametrize(
    ("dates", "word"),
    [
        ({}, "in_force"),
        ({"effective_on": "2026-03-03"}, "not_yet"),
        ({"effective_on": "2026-03-02"}, "in_force"),
        ({"lapses_on": "2026-03-02"}, "lapsed"),
        ({"lapses_on": "2026-03-03"}, "in_force"),
    ],
)
def test_a_basis_stands_from_its_first_day_until_the_day_it_lapses(hand, dates, word):
    _registered(hand, **dates)
    assert _basis_state(_asked(hand, **_based(NUMBER))) == word


def test_of_several_bases_the_gravest_is_told(one_hand):
    _registered(one_hand)
    _registered(one_hand, document_number=OTHER, lapses_on="2026-02-01")
    assert _basis_state(_asked(one_hand, **_based(NUMBER, OTHER, "演民发〔2026〕3号"))) == "lapsed"
    assert _basis_state(_asked(one_hand, **_based(NUMBER, "演民发〔2026〕3号"))) == "unknown"


def test_an_instrument_of_the_nation_stands_behind_a_countys_request(one_office, one_hand):
    data = (SHEET + f"{NUMBER},演示通知,演示部门,2026-01-05,2026-01-10,\n").encode()
    Seeder(one_office).act("000000", "instrument.import", lambda d: import_instruments(d, data))
    assert _basis_state(_asked(one_hand, **_based(NUMBER))) == "in_force"


def test_a_document_number_is_registered_once(one_hand):
    held = _registered(one_hand)
    with refused("instrument.twice"):
        _registered(one_hand)
    command = _command(lapses_on="2026-12-31")
    office = one_hand("county.office")
    after = office.do(lambda d: instruments.amend(d, held.id, held.version, command))
    assert (after.version, after.lapses_on) == (2, date(2026, 12, 31))
    _registered(one_hand, document_number=OTHER)
    with refused("instrument.twice"):
        office.do(
            lambda d: instruments.amend(d, held.id, 2, _command(document_number=OTHER))
        )  # fmt: skip


def test_a_department_registers_no_instrument(one_hand):
    command = _command()
    with refused("access.forbidden"):
        one_hand("dept.clerk").do(lambda d: instruments.record(d, command))


def test_a_sheet_of_instruments_with_one_bad_cell_brings_in_nothing(one_office):
    good = f"{NUMBER},演示通知,演示县民政局,2026-01-05,2026-01-10,\n"
    bad = f"{OTHER},演示通知,演示县民政局,2026-01-05,二月,\n"
    seeder = Seeder(one_office)
    with refused("import.cells") as info:
        data = (SHEET + good + bad).encode()
        seeder.act("990102", "instrument.import", lambda d: import_instruments(d, data))
    assert [(e["row"], e["column"]) for e in info.value.facts["errors"]] == [(3, "effective_on")]
    assert one_office.store.reader.find(Instrument, "990102") == []
    data = (SHEET + good).encode()
    for wanted in ({"added": 1, "changed": 0, "held": 0}, {"added": 0, "changed": 0, "held": 1}):
        told = seeder.act("990102", "instrument.import", lambda d: import_instruments(d, data))
        assert told.body == wanted
    data = (SHEET + good).translate(str.maketrans("〔〕", "[]")).encode()
    told = seeder.act("990102", "instrument.import", lambda d: import_instruments(d, data))
    assert told.body == {"added": 0, "changed": 0, "held": 1}
    (held,) = one_office.store.reader.find(Instrument, "990102")
    assert held.document_number == NUMBER


def _imported(office: Any, data: str = DUTIES, street: str = "990102001") -> Any:
    sheet = Sheet(street=street, instrument="演示街道履职事项清单（虚构）", source="演示表")
    return Seeder(office).act(
        "990102", "list.import", lambda d: import_duties(d, data.encode(), sheet)
    )


def _grounds(verdict: Verdict) -> set[tuple[str, str]]:
    told = {(f["ground"], f["match"]) for f in verdict.facts}
    return told - {("none", "none")}


def test_a_street_may_not_pass_down_what_it_must_do_itself(office, hand):
    _imported(office)
    own = _asked(hand, title="辖区道路保洁外包监管")
    assert ("R1", "exact") in _grounds(own)
    assert any("DUTY-990102001-1" in item for hit in own.rules for item in hit.items)
    assert ("R1", "exact") in _grounds(_asked(hand, title="户外招牌安全鉴定"))


def test_a_title_much_like_a_streets_duty_goes_to_a_person(one_office, one_hand):
    _imported(one_office)
    assert ("R1", "near") in _grounds(_asked(one_hand, title="辖区道路保洁外包监督"))


def test_what_a_street_only_helps_with_bars_nothing(one_office, one_hand):
    _imported(one_office)
    assert _grounds(_asked(one_hand, title="协助开展防汛值守")) == set()


def test_the_duties_of_one_street_bind_no_other(one_office, one_hand):
    _imported(one_office)
    elsewhere = _asked(one_hand, title="辖区道路保洁外包监管", targets=["990102100200"],
                       receivers=["village_committee"])  # fmt: skip
    assert _grounds(elsewhere) == set()
    spanning = _asked(one_hand, title="辖区道路保洁外包监管", targets=["990102"])
    assert ("R1", "exact") in _grounds(spanning)


def test_a_list_of_duties_with_an_unknown_class_brings_in_nothing(one_office):
    with refused("import.cells") as info:
        _imported(one_office, DUTIES + "4,别的事,其他,,\n")
    assert [(e["row"], e["column"]) for e in info.value.facts["errors"]] == [(5, "class")]


NOTICE = '[instruments]\n[instruments.notice]\ndays = 30\nunit = "calendar"\n'


def _findings(office: Any, code: str) -> set[tuple[str, str]]:
    found = office.store.reader.find(Finding, "990102", code=code)
    return {(f.object_kind, f.object_id) for f in found}


def test_who_rests_on_an_instrument_is_told_before_it_lapses_and_on_the_day_once(
    office, hand, clock
):
    in_force(office, NOTICE)
    one = _registered(hand, lapses_on="2026-05-01")
    request = case.submitted(hand, case.drafted(hand, **_based(NUMBER)))
    case.submitted(hand, case.drafted(hand, **_based(OTHER)))
    clock.at = _at(3, 31)
    tick(office)
    assert _findings(office, "instrument.lapsing") == set()
    clock.at = _at(4, 1)
    assert tick(office)["instrument.lapsing"] == 1
    rests = {("instrument", one.id), ("request", request.id)}
    assert _findings(office, "instrument.lapsing") == rests
    assert _findings(office, "instrument.lapsed") == set()
    clock.at = _at(5, 1)
    assert tick(office)["instrument.lapsed"] == 1
    assert _findings(office, "instrument.lapsed") == rests
    assert "instrument.lapsed" not in tick(office)


def test_without_a_notice_in_the_pack_one_is_told_on_the_day_itself(one_office, one_hand, clock):
    _registered(one_hand, lapses_on="2026-05-01")
    clock.at = _at(4, 30)
    tick(one_office)
    assert _findings(one_office, "instrument.lapsed") == set()
    clock.at = _at(5, 1)
    tick(one_office)
    assert len(_findings(one_office, "instrument.lapsed")) == 1
    assert _findings(one_office, "instrument.lapsing") == set()


def test_a_pack_and_a_list_that_rest_on_it_are_told_too(one_office, one_hand, clock):
    in_force(one_office, NOTICE)  # published under 演示发〔2026〕9号
    sheet = Sheet(street="990102001", instrument="演示清单", source="演示表",
                  document_number="演示发〔2026〕9号")  # fmt: skip
    Seeder(one_office).act(
        "990102", "list.import", lambda d: import_duties(d, DUTIES.encode(), sheet)
    )
    _registered(one_hand, document_number="演示发〔2026〕9号", lapses_on="2026-03-20")
    tick(one_office)
    kinds = {kind for kind, _ in _findings(one_office, "instrument.lapsing")}
    assert kinds == {"instrument", "pack", "list"}


def test_a_request_filed_within_the_notice_is_told_at_once(one_office, one_hand):
    in_force(one_office, NOTICE)
    _registered(one_hand, lapses_on="2026-03-20")
    tick(one_office)
    request = case.submitted(one_hand, case.drafted(one_hand, **_based(NUMBER)))
    assert ("request", request.id) in _findings(one_office, "instrument.lapsing")


def test_an_end_put_off_is_told_of_anew(one_office, one_hand, clock):
    held = _registered(one_hand, lapses_on="2026-03-02")
    assert tick(one_office)["instrument.lapsed"] == 1
    later = _command(lapses_on="2026-04-01")
    one_hand("county.office").do(lambda d: instruments.amend(d, held.id, 1, later))
    assert "instrument.lapsed" not in tick(one_office)
    clock.at = _at(4, 1)
    assert tick(one_office)["instrument.lapsed"] == 1
