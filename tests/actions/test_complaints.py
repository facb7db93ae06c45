"""投诉: anybody complains, nobody complained of learns who did, and no body handles its own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from registry.actions.office import Answer, Desk, Office
from registry.actions.reading import ListQuery, events, one, page
from registry.actions.redress import handling
from registry.actions.ticking import tick
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.errors import Refusal
from registry.domain.notice import Notice
from registry.domain.people import Organisation, Post
from registry.domain.redress import Complaint, ComplaintState, Measure, Objection
from tests.actions.case import Hands, admitted, presence_of
from tests.actions.flowed import DEMO, in_force
from tests.actions.lived import put
from tests.actions.redressed import (
    COMPLAINT,
    complained,
    declined,
    disclosed,
    handled,
    objected,
    told_of,
    verified,
)
from tests.actions.reorganised import astray, carried_out, planned, sound
from tests.conftest import MovingClock

COUNTY = "990102"
NAMED = '"admission_office", "government"'
BODIES = f"bodies = [{NAMED}]\nanswered_in"
OFFICE, GOVERNMENT, URBAN = "o-990102-admission", "o-990102-gov", "o-990102-urban"


def code_of(act: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def seen_by(office: Office, hand: Hands, name: str) -> list[str]:
    return [c.id for c in page(office, hand(name).actor, Complaint, ListQuery()).items]


# ---- 登记与保护 -------------------------------------------------------------------------------------


def test_a_complaint_goes_to_the_first_body_named_with_a_number_and_a_day(
    hand: Hands, office: Office
) -> None:
    made = complained(hand)
    assert (made.handler_id, made.passed_over) == (OFFICE, [])
    assert made.number == "演示县事项准入管理办公室诉〔2026〕1号"
    assert made.due_on == date(2026, 3, 23)
    assert told_of(office, made) == {
        hand(name).actor.person_id for name in ("county.office", "county.head")
    }
    assert sound(office)


def test_who_complained_stands_in_no_list_log_notice_finding_or_error(
    one_hand: Hands, one_office: Office, clock: MovingClock
) -> None:
    made = complained(one_hand, for_body=True)
    clock.at = datetime(2026, 4, 30, 4, 0, tzinfo=UTC)
    tick(one_office)
    late = one(one_office, one_hand("county.office").actor, Complaint, made.id)
    done = handled(one_hand, verified(one_hand, late), measures=["correction"])
    code_of(lambda: handled(one_hand, done))
    office = one_hand("county.office").actor
    worker = one_hand("community.worker").actor
    marks = (
        worker.person_id, worker.name, "o-990102001001", "a-990102001001", "霜舟",
        COMPLAINT["wording"],
    )  # fmt: skip
    own = [e for e in events(one_office, one_hand("audit.admin").actor, ListQuery(limit=500)).items
           if e.object_id == made.id or "omplaint" in e.entry]  # fmt: skip
    assert {e.act for e in own} >= {"complaint.register", "complaint.verify", "tick.unanswered"}
    told = [n for n in one_office.store.reader.find(Notice, COUNTY) if n.object_id == made.id]
    findings = one_office.store.reader.find(Finding, COUNTY, object_id=made.id)
    assert {f.code for f in findings} == {"complaint.unanswered", "redress.breach"}
    listed = page(one_office, office, Complaint, ListQuery()).items
    texts = [n.text + n.text_en for n in told]
    for shown in (msgspec.json.encode([own, findings, listed, texts]).decode(),):
        assert [mark for mark in marks if mark in shown] == []


def test_a_refused_complaint_tells_nobody_that_somebody_wanted_to_complain(
    one_hand: Hands, one_office: Office
) -> None:
    code_of(lambda: complained(one_hand, against_id="o-nobody"))
    found = events(one_office, one_hand("auditor").actor, ListQuery(limit=500)).items
    tried = [e for e in found if e.act == "complaint.register"]
    assert [(e.actor, e.code) for e in tried] == [("veiled", "organisation.unknown")]
    assert one_hand("community.worker").actor.person_id not in tried[0].entry


@pytest.mark.parametrize("name", ["霜舟演示社区居民委员会", "霜舟演示社区居委会", "霜舟演示社区"])
def test_the_subject_others_read_does_not_name_who_complains(one_hand: Hands, name: str) -> None:
    told: dict[str, Any] = {"for_body": True, "subject": f"{name}每周报台账"}
    assert code_of(lambda: complained(one_hand, **told)).code == "complaint.tells"


def test_the_complainant_reads_state_and_answer_and_their_colleagues_only_what_is_the_bodys(
    one_hand: Hands, one_office: Office
) -> None:
    own, common = complained(one_hand), complained(one_hand, for_body=True, subject="另一件")
    both = sorted([own.id, common.id])
    assert sorted(seen_by(one_office, one_hand, "community.worker")) == both
    assert seen_by(one_office, one_hand, "community.head") == [common.id]
    for handler in ("county.office", "county.head", "auditor"):
        assert sorted(seen_by(one_office, one_hand, handler)) == both, handler
    for other in ("dept2.head", "dept2.clerk", "street.head", "community2.head", "gov.head"):
        assert seen_by(one_office, one_hand, other) == [], other
    after = handled(one_hand, verified(one_hand, own), measures=["reminder"], answer="已发提醒函")
    read = one(one_office, one_hand("community.worker").actor, Complaint, own.id)
    assert (read.state, read.answer) == (ComplaintState.HANDLED, "已发提醒函")
    assert one_hand("community.worker").actor.person_id in told_of(one_office, after)


def test_each_reading_of_the_source_is_an_act_in_the_log(
    one_hand: Hands, one_office: Office
) -> None:
    presence = presence_of(one_hand, admitted(one_hand))
    made = complained(one_hand, presence_id=presence.id, against_id="o-990102-civil")
    for name in ("county.office", "county.head", "auditor", "county.office"):
        source = disclosed(one_hand, made, name)
        assert (source.wording, source.presence_id) == (COMPLAINT["wording"], presence.id)
    found = events(one_office, one_hand("auditor").actor, ListQuery(limit=500)).items
    read = [e.actor for e in found if e.act == "complaint.disclose"]
    names = ("county.office", "county.head", "auditor", "county.office")
    assert read == [one_hand(name).actor.person_id for name in names]


def test_a_second_post_elsewhere_shows_nobody_what_is_said_of_their_own_body(
    one_hand: Hands, one_office: Office
) -> None:
    clerk = one_hand("dept2.clerk").actor.person_id
    _keep(one_hand, Post(county=COUNTY, id="post-second", person_id=clerk, organisation_id=OFFICE,
                         area_id="a-990102000000", role="county.office"))  # fmt: skip
    made = complained(one_hand)
    one_office.bearers.forget()
    both = one_hand("dept2.clerk")
    assert both.actor.person_id not in told_of(one_office, made)
    assert made.handler_id == OFFICE
    assert {p.organisation_id for p in both.actor.posts} == {OFFICE, URBAN}
    assert page(one_office, both.actor, Complaint, ListQuery()).items == []
    for act in (disclosed, verified):
        assert code_of(lambda a=act: a(lambda _: both, made)).code == "access.hidden"
    other = complained(one_hand, against_id="o-990102-civil", subject="另一件")
    found = page(one_office, both.actor, Complaint, ListQuery()).items
    assert [one.id for one in found] == [other.id]


@pytest.mark.parametrize(
    "name", ["dept2.head", "dept2.clerk", "street.head", "gov.head", "audit.admin", "sys.admin",
             "community.head", "inspector", "finance.head"]
)  # fmt: skip
def test_nobody_else_reads_the_source_nor_learns_that_there_is_a_complaint(
    one_hand: Hands, name: str
) -> None:
    made = complained(one_hand)
    assert code_of(lambda: disclosed(one_hand, made, name)).code == "access.hidden"


def test_a_street_complained_of_neither_handles_nor_reads_it(
    one_hand: Hands, one_office: Office
) -> None:
    made = complained(one_hand, against_id="o-990102001")
    for act in (disclosed, verified, handled):
        assert code_of(lambda a=act: a(one_hand, made, "street.head")).code == "access.hidden"
    assert seen_by(one_office, one_hand, "street.clerk") == []


@pytest.mark.parametrize("told", [
    {"by": "street.clerk", "resident": True, "area_id": "990102001001"}, {"by": "dept.clerk"},
])  # fmt: skip
def test_neither_a_residents_place_nor_an_officials_own_body_stands_in_the_subject(
    one_hand: Hands, one_office: Office, told: dict[str, Any]
) -> None:
    find = one_office.store.reader.find
    (place,) = find(Area, COUNTY, id="a-990102001001")
    (body,) = find(Organisation, COUNTY, id="o-990102-civil")
    name = place.name if told.get("resident") else body.name
    fields = {**told, "subject": f"{name}每周报台账"}
    assert code_of(lambda: complained(one_hand, **fields)).code == "complaint.tells"
    against = complained(one_hand, by="dept.clerk", against_id=body.id, subject=f"{body.name}摊派")
    assert against.against_id == body.id, "who is complained of may be named"


@pytest.mark.parametrize("field", ["wording", "subject"])
def test_no_number_of_a_resident_is_kept_in_their_complaint(one_hand: Hands, field: str) -> None:
    told: dict[str, Any] = {field: "请回电话 0396-5550123"}
    refusal = code_of(lambda: complained(one_hand, by="street.clerk", resident=True, **told))
    assert refusal.code == "complaint.personal"


def test_a_body_that_carries_the_office_beside_its_own_work_takes_what_nobody_else_may(
    one_hand: Hands, one_office: Office
) -> None:
    _packed(one_hand, BODIES, BODIES.replace(NAMED, ""))
    (office,) = one_office.store.reader.find(Organisation, COUNTY, id=OFFICE)
    (other,) = one_office.store.reader.find(Organisation, COUNTY, id=GOVERNMENT)
    put(one_hand, office, functions=[])
    put(one_hand, other, functions=[*other.functions, "admission_office"])
    assert complained(one_hand).handler_id == GOVERNMENT


def test_a_complaint_from_above_the_county_is_passed_on_like_any_other(one_hand: Hands) -> None:
    made = complained(one_hand, by="city.office")
    command = handling.PassCommand(reason="回避")
    passed = one_hand("county.head").do(
        lambda d: handling.pass_on(d, made.id, made.version, command)
    )
    assert (passed.handler_id, passed.passed_over) == (GOVERNMENT, [OFFICE])


def test_whoever_took_a_residents_call_is_told_the_answer_unless_it_is_about_them(
    one_hand: Hands, one_office: Office
) -> None:
    clerk = one_hand("street.clerk").actor.person_id
    for against, told in ((URBAN, True), ("o-990102001", False)):
        made = complained(one_hand, by="street.clerk", resident=True, against_id=against)
        done = handled(one_hand, verified(one_hand, made), answer="已责令停止")
        assert (clerk in told_of(one_office, done)) is told, against


# ---- 由谁办理 ---------------------------------------------------------------------------------------


def test_an_office_complained_of_is_passed_over_for_the_next_body(
    one_hand: Hands, one_office: Office
) -> None:
    made = complained(one_hand, against_id=OFFICE)
    assert (made.handler_id, made.passed_over) == (GOVERNMENT, [OFFICE])
    assert code_of(lambda: verified(one_hand, made, "county.office")).code == "access.hidden"
    assert seen_by(one_office, one_hand, "county.head") == []
    assert verified(one_hand, made, "gov.head").established is True


def test_a_body_with_the_head_of_those_complained_of_is_passed_over(one_hand: Hands) -> None:
    head = one_hand("dept2.head").actor.person_id
    post = Post(county=COUNTY, id="post-second", person_id=head, organisation_id=OFFICE,
                area_id="a-990102", role="county.head")  # fmt: skip
    _keep(one_hand, post)
    made = complained(one_hand)
    assert (made.handler_id, made.passed_over) == (GOVERNMENT, [OFFICE])


def _keep(hand: Hands, record: Any) -> None:
    hand("county.head").do(lambda desk: Answer(body=desk.unit.add(record)))


def test_a_street_does_not_handle_a_complaint_about_a_community_of_its_own(
    one_hand: Hands,
) -> None:
    _packed(one_hand, BODIES, BODIES.replace(NAMED, '"street"'))
    made = complained(one_hand, by="station.worker", against_id="o-990102001001",
                      subject="要求重复填表")  # fmt: skip
    assert (made.handler_id, made.passed_over) == (OFFICE, ["o-990102001"])
    other = complained(one_hand, by="community2.worker", against_id=URBAN)
    assert other.handler_id == "o-990102002", "the street of who complains"


def _packed(hand: Hands, old: str, new: str) -> None:
    from registry.policies.loader import read_folder

    files = read_folder(DEMO)
    assert old in files["pack.toml"]
    in_force(hand, {**files, "pack.toml": files["pack.toml"].replace(old, new, 1)})


def test_where_every_body_is_concerned_the_one_above_takes_it(one_hand: Hands) -> None:
    _packed(one_hand, BODIES, BODIES.replace(NAMED, ""))
    made = complained(one_hand, against_id=OFFICE)
    assert made.handler_id == "o-990100-admission"
    assert verified(one_hand, made, "city.office").state is ComplaintState.VERIFYING


def test_where_nobody_is_left_it_is_refused_and_says_so(one_hand: Hands) -> None:
    _packed(one_hand, BODIES, BODIES.replace(NAMED, ""))
    head = one_hand("county.head").actor.person_id
    city = one_hand("city.office").actor
    for number, body in enumerate((OFFICE, "o-990100-admission", URBAN)):
        post = Post(county=COUNTY, id=f"post-{number}", person_id=head, organisation_id=body,
                    area_id="a-990102", role="county.head")  # fmt: skip
        _keep(one_hand, post)
    assert city.posts
    assert code_of(lambda: complained(one_hand)).code == "redress.no_body"


def test_a_body_that_has_become_concerned_handles_nothing_and_passes_it_on(
    one_hand: Hands, one_office: Office
) -> None:
    made = verified(one_hand, complained(one_hand))
    head = one_hand("dept2.head").actor.person_id
    _keep(one_hand, Post(county=COUNTY, id="post-late", person_id=head, organisation_id=OFFICE,
                         area_id="a-990102", role="county.head"))  # fmt: skip
    assert code_of(lambda: handled(one_hand, made)).code == "complaint.concerned"
    command = handling.PassCommand(reason="本机构现任负责人同时负责被投诉单位，回避")
    passed = one_hand("county.head").do(
        lambda d: handling.pass_on(d, made.id, made.version, command)
    )
    assert (passed.handler_id, passed.state) == (GOVERNMENT, ComplaintState.REGISTERED)
    assert (passed.passed_over, passed.due_on) == ([OFFICE], made.due_on)
    assert one_hand("gov.head").actor.person_id in told_of(one_office, passed)
    assert code_of(lambda: disclosed(one_hand, made)).code == "access.hidden"


def test_a_handler_that_was_merged_into_those_complained_of_loses_it_by_itself(
    one_hand: Hands, one_office: Office
) -> None:
    made = complained(one_hand)

    def merged(desk: Desk) -> Answer:
        return Answer(body=desk.unit.change(made, handler_id=URBAN, passed_over=[OFFICE]))

    one_hand("county.head").do(merged)
    assert seen_by(one_office, one_hand, "dept2.head") == []
    tick(one_office)
    now = one_office.store.reader.get(Complaint, COUNTY, made.id)
    assert now is not None and now.handler_id == GOVERNMENT
    tick(one_office)
    after = one_office.store.reader.get(Complaint, COUNTY, made.id)
    assert after is not None and after.version == now.version


def test_what_nobody_can_take_stands_in_the_log_once_and_not_at_every_tick(
    hand: Hands, office: Office
) -> None:
    made, raised = complained(hand), objected(hand)
    for body in office.store.reader.find(Organisation, COUNTY):
        if "admission_office" in body.functions:
            put(hand, body, functions=[])
    put(hand, made, handler_id=URBAN, passed_over=[OFFICE, GOVERNMENT])
    put(hand, raised, department_id=raised.handler_id)
    city = office.store.reader.find(Organisation, "990100", id="o-990100-admission")
    assert city, "the office above takes neither: it is passed over too"
    put(hand, made, passed_over=[OFFICE, GOVERNMENT, city[0].id])
    tick(office)
    before = office.store.reader.head(COUNTY)
    tick(office)
    assert office.store.reader.head(COUNTY) == before


def test_who_complained_or_entered_it_does_not_handle_it(one_hand: Hands) -> None:
    own = complained(one_hand, by="county.office", subject="一件")
    assert code_of(lambda: verified(one_hand, own)).code == "access.tied"
    entered = complained(one_hand, by="county.office", resident=True, subject="居民反映")
    assert code_of(lambda: verified(one_hand, entered)).code == "access.tied"
    assert verified(one_hand, entered, "county.head").established is True


def test_a_residents_complaint_is_entered_without_name_and_a_communitys_for_it(
    one_hand: Hands, one_office: Office
) -> None:
    resident = complained(one_hand, by="street.clerk", resident=True, area_id="990102001001")
    source = disclosed(one_hand, resident)
    assert (source.resident, source.person_id, source.organisation_id) == (True, None, None)
    assert source.area_path.endswith("a-990102001001/")
    called = complained(one_hand, by="street.clerk", organisation_id="o-990102001001")
    assert disclosed(one_hand, called).organisation_id == "o-990102001001"
    assert called.id in seen_by(one_office, one_hand, "community.head")
    both: dict[str, Any] = {"resident": True, "organisation_id": "o-990102001001"}
    assert code_of(lambda: complained(one_hand, by="street.clerk", **both)).code == (
        "complaint.whose"
    )
    away = code_of(lambda: complained(one_hand, by="street2.clerk", resident=True,
                                      area_id="990102001001"))  # fmt: skip
    assert away.code == "access.forbidden"


def test_the_same_said_twice_on_a_day_is_one_complaint_but_of_residents_nobody_is_silenced(
    hand: Hands, clock: MovingClock
) -> None:
    first = complained(hand)
    assert complained(hand).id == first.id
    assert complained(hand, by="community.head").id != first.id, "another person"
    assert complained(hand, wording="换了一种说法").id != first.id
    assert complained(hand, for_body=True).id != first.id
    resident = {"by": "street.clerk", "resident": True, "area_id": "990102001001"}
    assert complained(hand, **resident).id != complained(hand, **resident).id
    called = {"by": "street.clerk", "organisation_id": "o-990102001001"}
    assert complained(hand, **called).id == complained(hand, **called).id
    clock.at += timedelta(days=1)
    assert complained(hand).id != first.id


# ---- 核实与处理 -------------------------------------------------------------------------------------


def test_a_circular_needs_the_head_and_a_document_number(
    one_hand: Hands, one_office: Office
) -> None:
    made = verified(one_hand, complained(one_hand))
    told: dict[str, Any] = {"measures": ["circular", "correction"]}
    assert code_of(lambda: handled(one_hand, made, "county.office", **told)).code == (
        "access.forbidden"
    )
    number = "示范准办通〔2026〕3号"
    done = handled(one_hand, made, **told, document_number="示范准办通[2026]3号",
                   clauses=["演示县准入办法第六条（虚构）"])  # fmt: skip
    assert (done.measures, done.measure_number) == ([Measure.CIRCULAR, Measure.CORRECTION], number)
    assert one_hand("dept2.head").actor.person_id in told_of(one_office, done)
    found = one_office.store.reader.find(Finding, COUNTY, code="redress.breach")
    assert [(f.organisation_id, f.area_path, f.facts["clauses"]) for f in found] == [
        (URBAN, None, ["演示县准入办法第六条（虚构）"])
    ]


def test_without_a_series_of_its_own_a_circular_waits_for_its_number(one_hand: Hands) -> None:
    _packed(one_hand, 'measure = "{body}处〔{year}〕{serial}号"\n', "")
    made = verified(one_hand, complained(one_hand))
    assert code_of(lambda: handled(one_hand, made, measures=["circular"])).code == (
        "complaint.number"
    )


def test_what_was_established_is_met_by_a_measure_or_by_the_reason_why_by_none(
    one_hand: Hands,
) -> None:
    made = verified(one_hand, complained(one_hand))
    assert code_of(lambda: handled(one_hand, made, measures=[])).code == "complaint.no_measure"
    done = handled(one_hand, made, measures=[], unmeasured="当日已自行收回，并向社区说明")
    assert (done.state, done.measures) == (ComplaintState.HANDLED, [])
    assert done.unmeasured == "当日已自行收回，并向社区说明"


def test_only_measures_that_the_packs_name_are_taken(one_hand: Hands) -> None:
    old = 'handling = ["correction", "circular", "reminder", "referral"]'
    _packed(one_hand, old, 'handling = ["correction"]')
    made = verified(one_hand, complained(one_hand))
    assert code_of(lambda: handled(one_hand, made, measures=["referral"])).code == (
        "complaint.measure"
    )
    assert handled(one_hand, made, measures=["correction"]).state is ComplaintState.HANDLED


def test_what_was_not_established_is_dismissed_and_nothing_said_to_those_complained_of(
    one_hand: Hands, one_office: Office
) -> None:
    made = verified(one_hand, complained(one_hand), established=False)
    assert code_of(lambda: handled(one_hand, made)).code == "complaint.found"
    command = handling.DismissCommand(answer="经核实已经备案")
    done = one_hand("county.head").do(lambda d: handling.dismiss(d, made.id, made.version, command))
    assert done.state is ComplaintState.DISMISSED
    told = told_of(one_office, done)
    assert one_hand("community.worker").actor.person_id in told
    assert one_hand("dept2.head").actor.person_id not in told
    assert one_office.store.reader.find(Finding, COUNTY, code="redress.breach") == []
    assert code_of(lambda: verified(one_hand, done)).code == "complaint.state"


def test_an_unanswered_complaint_is_a_breach_in_itself_where_the_packs_say_so(
    hand: Hands, office: Office, clock: MovingClock
) -> None:
    made = complained(hand)
    clock.at = datetime(2026, 3, 24, 4, 0, tzinfo=UTC)
    tick(office)
    tick(office)
    found = office.store.reader.find(Finding, COUNTY, code="complaint.unanswered")
    assert [(f.organisation_id, f.facts["breach"]) for f in found] == [(OFFICE, True)]
    now = office.store.reader.get(Complaint, COUNTY, made.id)
    assert now is not None and now.overdue
    handled(hand, verified(hand, now))
    (found,) = office.store.reader.find(Finding, COUNTY, code="complaint.unanswered")
    assert found.closed_on == date(2026, 3, 24) and found.facts["breach"], "it stays on record"


def test_refusals_and_complaints_stand_in_no_record_of_the_community(
    one_hand: Hands, one_office: Office
) -> None:
    """Nothing that assesses a community is opened against it for speaking up."""
    declined(one_hand)
    handled(one_hand, verified(one_hand, complained(one_hand, for_body=True)))
    found = one_office.store.reader.find(Finding, COUNTY)
    assert [f for f in found if f.organisation_id == "o-990102001001"] == []


# ---- 机构变动 --------------------------------------------------------------------------------------

MERGED: dict[str, Any] = {
    "kind": "merge", "object_kind": "organisation", "sources": [URBAN],
    "successors": [{"id": "o-990102-civil"}],
}  # fmt: skip


def test_what_is_open_about_a_merged_department_goes_on_against_its_successor(
    one_hand: Hands, one_office: Office
) -> None:
    raised, made = objected(one_hand), complained(one_hand, for_body=True)
    assert made.id not in _planned_source(one_hand)
    carried_out(one_hand, **MERGED)
    after = one_office.store.reader.get(Complaint, COUNTY, made.id)
    assert after is not None and after.against_id == "o-990102-civil"
    objection = one_office.store.reader.get(Objection, COUNTY, raised.id)
    assert objection is not None and objection.department_id == "o-990102-civil"
    assert seen_by(one_office, one_hand, "dept.head") == []
    assert handled(one_hand, verified(one_hand, after)).state is ComplaintState.HANDLED
    assert not astray(one_office) and sound(one_office)


def _planned_source(hand: Hands) -> list[str]:
    """Kinds of what a plan lists: who complained is not among them."""
    return [item.id for item in planned(hand, **MERGED).items if "source" in item.kind]
