"""出具证明: demands are registered by type, seals are counted, a conflict is put to a department."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from registry.actions import filing, submitting
from registry.actions.certifying import answering, figures, proposing, recording, slips
from registry.actions.certifying.answering import AskCommand
from registry.actions.certifying.figures import FigureQuery
from registry.actions.certifying.recording import CorrectCommand, DemandCommand, SealCommand
from registry.actions.office import Call, Office
from registry.actions.reading import one
from registry.actions.ticking import tick
from registry.domain.audit import Finding
from registry.domain.certifying import AmendmentProposal, CertificateDemand, Demander, SealCount
from registry.domain.errors import Refusal
from registry.domain.notice import Notice
from registry.policies.loader import read_folder
from tests.actions.case import Hands, filing_of
from tests.actions.flowed import DEMO, in_force
from tests.actions.refused import refused
from tests.conftest import MovingClock

HERE = "o-990102001001"
COUNTY = "990102"
DOGS = "amd-CN-NEG-04"


def demanded(hand: Hands, by: str = "community.worker", **fields: Any) -> CertificateDemand:
    whole = {"organisation_id": HERE, "item": "收入证明", "demander": "bank", **fields}
    command = msgspec.convert({k: v for k, v in whole.items() if v is not None}, DemandCommand)
    made: CertificateDemand = hand(by).do(lambda d: recording.record(d, command))
    return made


def sealed(hand: Hands, copies: int, by: str = "community.head", **fields: Any) -> SealCount:
    plain = {"organisation_id": HERE, "month": "2026-02", "use": "certificate", "item": "居住证明"}
    command = msgspec.convert({**plain, **fields, "copies": copies}, SealCommand)
    made: SealCount = hand(by).do(lambda d: recording.count(d, command))
    return made


def proposal(office: Office) -> AmendmentProposal:
    (found,) = office.store.reader.find(AmendmentProposal, COUNTY)
    return found


def sent(hand: Hands, by: str = "county.head", to: str = "o-990102-civil") -> AmendmentProposal:
    held = proposal(hand(by).office)
    command = proposing.SendCommand(department_id=to, why="社区无从核实")
    made: AmendmentProposal = hand(by).do(
        lambda d: proposing.send(d, held.id, held.version, command)
    )
    return made


def answered(hand: Hands, by: str = "dept.head", agrees: bool = True) -> AmendmentProposal:
    held = proposal(hand(by).office)
    command = proposing.AnswerCommand(agrees=agrees, text="已列入修订计划")
    made: AmendmentProposal = hand(by).do(
        lambda d: proposing.answer(d, held.id, held.version, command)
    )
    return made


# ---- look-up -----------------------------------------------------------------------------------


def test_a_worker_is_answered_for_their_own_community_with_whom_to_ask(one_hand: Hands) -> None:
    worker = one_hand("community.worker")
    told = answering.answer(worker.office, worker.actor, COUNTY, AskCommand(q="健在证明"))
    assert (told.answer.value, told.area) == ("must_not", "990102001001")
    assert [bool(c.telephone) for c in told.ask] == [True, True]
    assert told.ask[0].name.endswith("街道办事处")


def test_a_body_that_verifies_is_told_with_its_telephone(one_hand: Hands) -> None:
    worker = one_hand("community.worker")
    told = answering.answer(worker.office, worker.actor, COUNTY, AskCommand(q="无犯罪记录证明"))
    assert [c.name for c in told.verifiers] == ["演示县公安局"]


def test_the_public_names_the_place_and_nothing_is_kept(one_office: Office) -> None:
    reader = one_office.store.reader
    before = reader.head(COUNTY)
    told = answering.answer_public(one_office, AskCommand(q="收入证明", area="990102001001"))
    assert told.answer.value == "must_not"
    assert (reader.head(COUNTY), reader.find(CertificateDemand, COUNTY)) == (before, [])
    for nowhere in (None, "110105001001", "990102999999", "9901"):
        with refused("area.unknown"):
            answering.answer_public(one_office, AskCommand(q="收入证明", area=nowhere))


# ---- demands -----------------------------------------------------------------------------------


def test_a_demand_is_kept_by_type_with_its_answer_and_slip(hand: Hands) -> None:
    kept = demanded(hand, slip=True)
    assert (kept.item_id, kept.item) == ("CN-NEG-17", "居民财产证明")
    assert (kept.answer.value, kept.month) == ("must_not", "2026-03")
    second = demanded(hand, slip=True)
    assert kept.slip_number.endswith("〔2026〕1号") and second.slip_number.endswith("〔2026〕2号")
    assert demanded(hand).slip_number == ""


def test_a_worker_picks_the_paper_that_a_popular_name_meant(one_hand: Hands) -> None:
    kept = demanded(one_hand, item="我妈是我妈", item_id="CN-NEG-01")
    assert (kept.item, kept.answer.value) == ("亲属关系证明", "must_not")
    unsure = demanded(one_hand, item="我妈是我妈")
    assert (unsure.item_id, unsure.item, unsure.answer.value) == (None, "我妈是我妈", "ask")


@pytest.mark.parametrize("words", [None, "😀", "……"])
def test_a_demand_names_a_paper(one_hand: Hands, words: str | None) -> None:
    with refused("certificate.item"):
        demanded(one_hand, item=words)


def test_what_looks_like_a_resident_is_not_kept(one_hand: Hands) -> None:
    for words in (
        "住在3号楼2单元的证明",
        "张三的困难证明",
        "灯具证明110105199001011234",
        "王小明困难证明 13800138000",
    ):
        with refused("certificate.personal"):
            demanded(one_hand, item=words)
        with refused("certificate.personal"):
            sealed(one_hand, 1, item=words)
    named = demanded(one_hand, item="张三收入证明")
    assert "张" not in named.item, "of a paper that is known its own name alone is kept"


def test_no_list_item_is_made_up_and_no_month_to_come_is_told(one_hand: Hands) -> None:
    with refused("certificate.item"):
        demanded(one_hand, item_id="CN-NEG-99")
    with refused("certificate.item"):
        demanded(one_hand, item=None)
    with refused("certificate.month"):
        demanded(one_hand, month="2026-04")
    with refused("certificate.month"):
        sealed(one_hand, 3, month="2026-04")


def test_the_street_enters_what_its_community_told_by_telephone_and_no_other(
    one_hand: Hands,
) -> None:
    assert demanded(one_hand, "street.clerk", by_telephone=True).organisation_id == HERE
    for other in ("street2.clerk", "community2.worker", "dept.clerk", "county.head"):
        with pytest.raises(Refusal) as told:
            demanded(one_hand, other)
        assert told.value.code == "access.forbidden"


def corrected(
    hand: Hands, held: CertificateDemand, by: str = "community.worker", **fields: Any
) -> CertificateDemand:
    whole = {"item_id": held.item_id, "item": held.item if held.item_id is None else "",
             "demander": held.demander, "times": held.times, "month": held.month,
             "reason": "登记时写错", **fields}  # fmt: skip
    command = msgspec.convert(
        {k: v for k, v in whole.items() if v not in (None, "")}, CorrectCommand
    )
    made: CertificateDemand = hand(by).do(
        lambda d: recording.correct(d, held.id, held.version, command)
    )
    return made


def test_a_demand_is_put_right_with_a_reason_and_what_was_told_before_is_kept(
    hand: Hands, office: Office
) -> None:
    held = demanded(hand)
    after = corrected(hand, held, item_id=None, item="居住证明", demander="school", times=3)
    assert (after.item, after.demander, after.times) == ("居住证明", "school", 3)
    assert after.answer is demanded(hand, item="居住证明", demander="school").answer
    assert (after.corrected_why, after.recorded_on) == ("登记时写错", held.recorded_on)
    seen = one(office, hand("community.worker").actor, CertificateDemand, held.id,
               as_of=str(office.store.reader.head(COUNTY) - 2))  # fmt: skip
    assert (seen.item, seen.times, seen.corrected_on) == (held.item, 1, None)
    assert corrected(hand, after, by="street.clerk", times=0).times == 0, "there was none"
    with refused("version.stale"):
        corrected(hand, held)


@pytest.mark.parametrize(("fields", "code"), [
    ({"reason": "张三本人说错了"}, "certificate.personal"), ({"month": "2026-04"}, "certificate.month"),
    ({"item_id": None, "item": "王小明的证明"}, "certificate.personal"),
])  # fmt: skip
def test_a_correction_names_nobody_and_no_month_to_come(
    one_hand: Hands, fields: dict[str, Any], code: str
) -> None:
    held = demanded(one_hand)
    with refused(code):
        corrected(one_hand, held, **fields)


def test_a_slip_that_was_handed_over_stays_as_it_says(one_hand: Hands) -> None:
    held = demanded(one_hand, slip=True)
    with refused("certificate.handed"):
        corrected(one_hand, held, demander="school")
    assert corrected(one_hand, held, times=2).slip_number == held.slip_number


@pytest.mark.parametrize("by", ["community2.worker", "street2.clerk", "county.head", "dept.head"])
def test_nobody_else_puts_right_what_a_community_registered(one_hand: Hands, by: str) -> None:
    held = demanded(one_hand)
    with refused("access.forbidden" if by == "county.head" else "access.hidden"):
        corrected(one_hand, held, by=by)


def test_the_slip_says_what_was_answered_and_is_read_by_who_may(one_hand: Hands) -> None:
    kept = demanded(one_hand, slip=True)
    page = slips.page(_slip(one_hand, "community.worker", kept.id))
    for words in (kept.slip_number, "居民财产证明", "不应出具", "由谁核验", "20号", "银行"):
        assert words in page, words
    with refused("access.hidden"):
        _slip(one_hand, "community2.worker", kept.id)


def _slip(hand: Hands, by: str, id: str) -> slips.Slip:
    person = hand(by)
    call = Call(actor=person.actor, county=COUNTY, act="certificate_demand.read")
    return slips.handed(person.office, call, id)


def test_a_slip_of_what_nobody_certifies_sends_the_demander_to_look_for_itself(
    one_hand: Hands,
) -> None:
    worker = one_hand("community.worker")
    command = AskCommand(q="楼道灯具完好情况证明", demander=Demander.BANK)
    page = slips.page(slips.preview(worker.office, worker.actor, COUNTY, command))
    assert "由索要单位自行核实" in page and "没有依据的：不应出具" in page and "未登记" in page
    none, some = page.index("没有依据的：不应出具"), page.index("有法律法规依据的")
    assert none < page.index("没有法律法规依据，也未列入保留清单"), "each case has its own reasons"
    assert some < page.index("申请单位提出了依据")


def test_a_slip_gives_no_reason_that_what_was_told_rules_out(one_hand: Hands) -> None:
    worker = one_hand("community.worker")
    command = AskCommand(q="楼道灯具完好情况证明", demander=Demander.BANK, basis="none")
    page = slips.page(slips.preview(worker.office, worker.actor, COUNTY, command))
    assert (
        "没有法律法规依据" in page and "申请单位提出了依据" not in page and "要看情况" not in page
    )


# ---- seals -------------------------------------------------------------------------------------


def test_a_later_count_takes_the_place_of_the_first_and_the_first_is_kept(hand: Hands) -> None:
    first, again = sealed(hand, 12), sealed(hand, 13)
    assert (again.id, again.version, again.copies) == (first.id, 2, 13)
    reader = hand("community.head").office.store.reader
    assert [s.copies for s in reader.find(SealCount, COUNTY)] == [13]
    before = reader.get(SealCount, COUNTY, first.id, reader.head(COUNTY) - 1)
    assert before is not None and before.copies == 12
    assert sealed(hand, 2, use="opinion").id != first.id
    assert sealed(hand, 2, month="2026-01").id != first.id


# ---- figures -----------------------------------------------------------------------------------


def test_each_sees_the_sums_of_their_own_ground_in_the_order_of_codes(hand: Hands) -> None:
    demanded(hand, times=2)
    demanded(hand, item="居住证明", demander="school")
    demanded(hand, "community2.worker", organisation_id="o-990102002001", times=9)

    def seen(who: str, **query: Any) -> figures.CertificateFigures:
        person = hand(who)
        return figures.figures(person.office, person.actor, COUNTY, FigureQuery(**query))

    own = seen("community.worker")
    assert own.times == 3
    assert [(f.key, f.times) for f in own.lines] == [("CN-NEG-17", 2), ("DEMO-OK-01", 1)]
    assert [(f.key, f.times) for f in own.barred] == [("CN-NEG-17", 2)]
    assert seen("street2.head").times == 9
    county = seen("county.head", by="area")
    assert [(f.key, f.times) for f in county.lines] == [("990102001001", 3), ("990102002001", 9)]
    assert seen("county.head", by="demander").lines[0].name == "银行"
    assert seen("county.head", first="2026-01", last="2026-02").times == 0
    with refused("access.reading"):
        seen("dept.head")
    with refused("query.months"):
        seen("county.head", first="2026-03", last="2026-02")


# ---- proposals to amend ------------------------------------------------------------------------


def test_a_paper_that_a_list_forbids_and_a_statute_asks_for_is_drafted_once(
    one_hand: Hands,
) -> None:
    demanded(one_hand, item="居民养犬证明", demander="government", times=3)
    demanded(one_hand, item="居民养犬证明", demander="government")
    drafted = proposal(one_hand("county.head").office)
    assert (drafted.id, drafted.times) == (DOGS, 3)
    assert drafted.organisation_id == "o-990102-admission"
    assert "演示省养犬管理条例" in drafted.statute and "20号" in drafted.clause
    assert sent(one_hand).times == 4


def test_a_filing_judged_between_the_two_drafts_it_too(one_hand: Hands) -> None:
    paper = {"demand": "居民养犬证明", "demander": "government"}
    command = filing.DraftCommand(
        filing=filing_of(kind="certificate", title="居民养犬证明", certificate=paper)
    )
    made = one_hand("dept.clerk").do(lambda d: filing.draft(d, command)).request
    order = submitting.SubmitCommand()
    one_hand("dept.head").do(lambda d: submitting.submit(d, made.id, made.version, order))
    assert proposal(one_hand("county.head").office).times == 0


def test_a_department_is_told_answers_once_and_only_its_head_does(one_hand: Hands) -> None:
    demanded(one_hand, item="居民养犬证明", demander="government")
    with refused("access.forbidden"):
        sent(one_hand, "county.office")
    told = sent(one_hand)
    assert told.number == "示范准提〔2026〕1号" and str(told.due_on) == "2026-03-30"
    reader = one_hand("dept.head").office.store.reader
    notices = reader.find(Notice, COUNTY, person_id="person-dept.head")
    assert [n.object_id for n in notices] == [told.id]
    with refused("amendment.state"):
        sent(one_hand)
    with refused("access.forbidden"):
        answered(one_hand, "dept.clerk")
    with refused("access.hidden"):
        answered(one_hand, "dept2.head")
    assert answered(one_hand, agrees=False).agrees is False
    with refused("amendment.state"):
        answered(one_hand)


def test_a_community_a_street_or_the_office_itself_amends_no_rule(one_hand: Hands) -> None:
    demanded(one_hand, item="居民养犬证明", demander="government")
    for body in ("o-990102001", HERE, "o-990102-admission"):
        with refused("amendment.department"):
            sent(one_hand, to=body)


def test_what_is_not_answered_in_time_is_told_once_until_it_is(
    hand: Hands, clock: MovingClock
) -> None:
    office = hand("county.head").office
    demanded(hand, item="居民养犬证明", demander="government")
    sent(hand)
    assert "amendment_overdue" not in tick(office)
    clock.at += timedelta(days=29)
    assert tick(office)["amendment_overdue"] == 1
    assert "amendment_overdue" not in tick(office)
    (found,) = office.store.reader.find(Finding, COUNTY, object_id=DOGS)
    assert (found.code, found.organisation_id) == ("amendment.overdue", "o-990102-civil")
    assert proposal(office).overdue
    answered(hand)
    (found,) = office.store.reader.find(Finding, COUNTY, object_id=DOGS)
    assert found.closed_on is not None


def test_a_day_that_was_guessed_makes_no_department_late(
    one_hand: Hands, clock: MovingClock
) -> None:
    clock.at += timedelta(days=290)  # into December: the next year has no table yet
    demanded(one_hand, item="居民养犬证明", demander="government")
    assert sent(one_hand).due_provisional
    clock.at += timedelta(days=90)
    assert "amendment_overdue" not in tick(one_hand("county.head").office)


def test_a_pack_that_gives_no_time_makes_nobody_late(one_hand: Hands, clock: MovingClock) -> None:
    files = read_folder(DEMO)
    silent = files["pack.toml"].replace("[proposal]\nwithin = {", "[proposal]\n# within = {")
    assert silent != files["pack.toml"]
    in_force(one_hand, {**files, "pack.toml": silent})
    demanded(one_hand, item="居民养犬证明", demander="government")
    assert sent(one_hand).due_on is None
    clock.at += timedelta(days=200)
    assert "amendment_overdue" not in tick(one_hand("county.head").office)
