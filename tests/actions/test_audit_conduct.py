"""办理疑点: what acts, decisions, walls and papers show beside each other; honest cases show none."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, event

from registry.actions.auditing import conduct, issued
from registry.actions.auditing.conduct import SOUGHT
from registry.actions.doubting.catalogue import CATALOGUE, listed
from registry.actions.office import Answer, Desk, Office
from registry.actions.reading import ListQuery, page
from registry.actions.seeding import person_actor
from registry.actions.ticking import tick
from registry.domain.admission import Verdict
from registry.domain.approval import Decision
from registry.domain.audit import Finding
from registry.domain.auditing import IssuedDocument, IssuedState
from registry.domain.filing import Filing
from registry.domain.people import Organisation
from registry.domain.presence import Presence
from registry.domain.records import Record
from registry.domain.request import Request, State
from registry.domain.vocabulary import Outcome
from registry.domain.walls import Origin, Profile
from registry.policies.neutral import judging
from registry.store.comparing import rows
from registry.store.conduct import beside, side_by_side
from registry.store.unit import Unit
from tests.actions import case, walled
from tests.actions.case import Hands
from tests.actions.measuring import in_force, plans
from tests.actions.refused import refused
from tests.conftest import MovingClock

MINE = {doubt.code for doubt in conduct.DOUBTS}


def found(hand: Hands, doubt: Any) -> list[Finding]:
    """What of one kind stands open after a tick."""
    office = hand("auditor").office
    tick(office)
    return standing(office, doubt)


def standing(office: Office, doubt: Any) -> list[Finding]:
    rows = office.store.reader.find(Finding, "990102", code=doubt.code)
    return [row for row in rows if row.closed_on is None]


def put(hand: Hands, kind: type[Record], id: str, **fields: Any) -> Any:
    """A row changed past every act, as somebody might who has the database."""

    def verb(desk: Desk) -> Answer:
        return Answer(body=desk.unit.change(desk.unit.get(kind, id), **fields))

    return hand("auditor").do(verb)


def decision_of(hand: Hands, request: Request) -> Decision:
    rows = hand("auditor").office.store.reader.find(Decision, "990102", request_id=request.id)
    return rows[0]


def test_an_honest_case_from_draft_to_agreement_raises_none(hand: Hands) -> None:
    case.agreed(hand, case.admitted(hand))
    office = hand("auditor").office
    tick(office)
    mine = [f for f in office.store.reader.find(Finding, "990102") if f.code in MINE]
    assert mine == []


def test_a_matter_that_goes_on_though_its_request_is_not_admitted(hand: Hands) -> None:
    request = case.admitted(hand)
    place = case.agreed(hand, request)
    assert found(hand, conduct.UNADMITTED) == []
    put(hand, Request, request.id, state=State.REVOKED)
    (seen,) = found(hand, conduct.UNADMITTED)
    assert (seen.object_id, seen.organisation_id) == (place.id, case_applicant(request))
    assert seen.facts["evidence"] == {"presences": [place.id], "requests": [request.id]}
    put(hand, Request, request.id, state=State.APPROVED)
    assert found(hand, conduct.UNADMITTED) == []


def case_applicant(request: Request) -> str:
    return request.applicant_id


def test_a_board_and_an_office_without_an_admission(one_hand: Hands) -> None:
    board, bureau = walled.hung(one_hand), walled.seated(one_hand)
    judged = {board.id: board.profile, bureau.id: bureau.profile}
    wanted = {id for id, profile in judged.items() if profile is not Profile.STANDS}
    assert {f.object_id for f in found(one_hand, conduct.WALL)} == wanted != set()
    kinds = {f.object_kind for f in standing(one_hand("auditor").office, conduct.WALL)}
    assert kinds <= {"board", "bureau"}


def test_a_board_that_the_rules_say_has_to_go(one_hand: Hands) -> None:
    board = walled.hung(one_hand)
    put(one_hand, type(board), board.id, profile=Profile.MUST_GO)
    assert [f.object_id for f in found(one_hand, conduct.BEYOND)] == [board.id]
    put(one_hand, type(board), board.id, profile=Profile.STANDS)
    assert found(one_hand, conduct.BEYOND) == found(one_hand, conduct.WALL) == []


def test_a_body_that_decides_in_its_own_case(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    decision = decision_of(one_hand, request)
    assert found(one_hand, conduct.OWN) == []
    put(one_hand, Decision, decision.id, organisation_id=request.applicant_id)
    (seen,) = found(one_hand, conduct.OWN)
    assert (seen.object_id, seen.object_kind) == (decision.id, "decision")


def test_a_person_who_drafted_decides_it(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    put(one_hand, Decision, decision_of(one_hand, request).id, person_id=request.drafted_by)
    assert len(found(one_hand, conduct.OWN)) == 1


def test_a_body_decides_with_whom_no_step_to_decide_lay(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    put(one_hand, Decision, decision_of(one_hand, request).id, organisation_id="o-990102-health")
    assert len(found(one_hand, conduct.OUTSIDE)) == 1


def test_an_admission_of_what_the_rules_said_no_to(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    verdict = decision_of(one_hand, request).verdict_id
    assert verdict and found(one_hand, conduct.APART) == []
    put(one_hand, Verdict, verdict, outcome=Outcome.REFUSED)
    (seen,) = found(one_hand, conduct.APART)
    assert seen.facts["outcome"] == "refused"


def begun_early(hand: Hands, **more: Any) -> Request:
    """A filing that says it began a month before it was handed in."""
    request = case.submitted(hand, case.drafted(hand))
    early = msgspec.convert(
        {**msgspec.to_builtins(request.filing), "starts_on": "2026-02-01", **more}, Filing
    )
    put(hand, Request, request.id, filing=early)
    return request


def test_work_that_began_before_it_was_asked_for(hand: Hands) -> None:
    begun = begun_early(hand)
    (seen,) = found(hand, conduct.BEGUN)
    assert (seen.object_id, seen.facts["starts_on"]) == (begun.id, "2026-02-01")


def test_a_late_entry_that_says_so_is_none(one_hand: Hands) -> None:
    late = {"happened_at": "2026-02-01T08:00:00+08:00", "reason": "防汛先办后录"}
    begun_early(one_hand, late=late)
    assert found(one_hand, conduct.BEGUN) == []


SIMILAR = '[similar]\nnear = 60\n[similar.within]\ndays = 365\nunit = "calendar"\n'


def test_two_like_requests_for_one_place_are_asked_about(hand: Hands) -> None:
    in_force(hand("auditor").office, SIMILAR)
    first = case.submitted(hand, case.drafted(hand))
    second = case.submitted(hand, case.drafted(hand, title="楼道灯具编号拍照（二）"))
    (seen,) = found(hand, conduct.SPLIT)
    assert seen.object_id in (first.id, second.id)
    assert seen.facts["evidence"]["requests"] == sorted([first.id, second.id])


def test_two_requests_that_are_not_alike_are_none(one_hand: Hands) -> None:
    in_force(one_hand("auditor").office, SIMILAR)
    case.submitted(one_hand, case.drafted(one_hand))
    case.submitted(one_hand, case.drafted(one_hand, title="社区图书角整理", content="整理图书"))
    assert found(one_hand, conduct.SPLIT) == []


def test_where_the_packs_say_nothing_of_likeness_nothing_is_compared(one_hand: Hands) -> None:
    case.submitted(one_hand, case.drafted(one_hand))
    case.submitted(one_hand, case.drafted(one_hand, title="楼道灯具编号拍照（二）"))
    assert found(one_hand, conduct.SPLIT) == []


def test_a_like_request_is_found_behind_others_that_are_not_alike(one_hand: Hands) -> None:
    in_force(one_hand("auditor").office, SIMILAR)
    for title in ("社区图书角整理", "居民活动室开放", "防汛沙袋清点"):
        case.submitted(one_hand, case.drafted(one_hand, title=title, content=title))
    first = case.submitted(one_hand, case.drafted(one_hand))
    second = case.submitted(one_hand, case.drafted(one_hand, title="楼道灯具编号拍照（二）"))
    (seen,) = found(one_hand, conduct.SPLIT)
    assert seen.facts["evidence"]["requests"] == sorted([first.id, second.id])


def test_what_was_asked_longer_ago_than_the_pack_looks_back_is_not_even_read(hand: Hands) -> None:
    in_force(hand("auditor").office, SIMILAR)
    first = case.submitted(hand, case.drafted(hand))
    second = case.submitted(hand, case.drafted(hand, title="楼道灯具编号拍照（二）"))
    put(hand, Request, first.id, applied_on=second.applied_on - timedelta(days=365))
    assert len(found(hand, conduct.SPLIT)) == 1
    put(hand, Request, first.id, applied_on=second.applied_on - timedelta(days=366))
    assert found(hand, conduct.SPLIT) == []
    store = hand("auditor").office.store
    with store.reader.connect() as connection:
        at = (connection, "990102")
        read = [rows(at, side_by_side, (None, None), {"days": days}) for days in ("365", "366")]
    assert [len(one) for one in read] == [0, 1]


def test_where_the_packs_are_silent_no_request_is_laid_beside_another(one_hand: Hands) -> None:
    case.submitted(one_hand, case.drafted(one_hand))
    office, said = one_hand("auditor").office, []

    def hear(_c: Any, _cursor: Any, words: str, *_more: Any) -> None:
        said.append(words)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        tick(office)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert said and not [one for one in said if "running" in one]


def test_beside_one_request_nothing_is_read_but_what_lies_with_it(one_hand: Hands) -> None:
    with one_hand("auditor").office.store.reader.connect() as connection:
        for which in ((None, ["req-1"]), (5, None)):
            asked = partial(rows, (connection, "990102"), beside, which, {"days": "60"})
            told = plans(connection, asked)
            assert "event_from>?" in told or which[0] is None
            assert "MATERIALIZE" not in told and "(county=?)" not in told


def test_a_case_past_its_day_is_seen_until_it_is_done(hand: Hands, clock: MovingClock) -> None:
    request = case.accepted(hand, case.submitted(hand, case.drafted(hand)))
    assert found(hand, conduct.LATE) == []
    clock.at = datetime(2026, 8, 3, 4, tzinfo=UTC)
    found(hand, conduct.LATE)
    (seen,) = found(hand, conduct.LATE)
    assert seen.object_id == request.id and seen.organisation_id
    put(hand, Request, request.id, state=State.APPROVED)
    assert found(hand, conduct.LATE) == []


def test_work_and_boards_before_the_admission(one_hand: Hands) -> None:
    request = case.admitted(one_hand)
    place = case.presence_of(one_hand, request)
    board = walled.hung(one_hand)
    put(one_hand, Presence, place.id, started_on=date(2026, 2, 1))
    put(one_hand, type(board), board.id, origin=Origin.ADMITTED, presence_id=place.id,
        since=date(2026, 2, 1))  # fmt: skip
    assert [f.object_id for f in found(one_hand, conduct.BEFORE)] == [place.id]
    office = one_hand("auditor").office
    assert [f.object_id for f in standing(office, conduct.HUNG_BEFORE)] == [board.id]
    put(one_hand, Presence, place.id, started_on=date(2026, 3, 2))
    assert found(one_hand, conduct.BEFORE) == []


# ---- 发文目录 ---------------------------------------------------------------------------------

LIST = "文号,标题,主送,成文日期,发文单位\n{}\n"
TO_COMMUNITIES = (
    "演民发〔2026〕9号,关于开展楼道拍照的通知,各街道办事处、各社区,2026-02-10,演示县民政局"
)
INSIDE = "演民函〔2026〕3号,关于召开会议的函,机关各科室,2026-02-11,演示县民政局"


def brought(hand: Hands, *lines: str, encoding: str = "utf-8") -> Any:
    rows = issued.read("发文", LIST.format("\n".join(lines)).encode(encoding))
    return hand("auditor").do(lambda d: issued.bring_in(d, rows))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_document_to_communities_under_no_request_is_asked_about(
    one_hand: Hands, encoding: str
) -> None:
    taken = brought(one_hand, TO_COMMUNITIES, INSIDE, encoding=encoding)
    assert (taken.rows, taken.added, taken.asked, taken.matched) == (2, 2, 1, 0)
    (seen,) = standing(one_hand("auditor").office, conduct.ISSUED)
    assert seen.facts["number"] == "演民发〔2026〕9号"
    assert brought(one_hand, TO_COMMUNITIES).known == 1


def test_a_number_under_which_somebody_asks_later_is_matched_by_itself(hand: Hands) -> None:
    brought(hand, TO_COMMUNITIES)
    basis = {"level": "policy", "title": "通知", "document_number": "演民发[2026]9号"}
    assert len(found(hand, conduct.ISSUED)) == 1
    request = case.submitted(hand, case.drafted(hand, bases=[basis]))
    office = hand("auditor").office
    (document,) = office.store.reader.find(IssuedDocument, "990102")
    issuer = document.issuer_id
    assert found(hand, conduct.ISSUED) == ([] if issuer else standing(office, conduct.ISSUED))
    if issuer:
        (document,) = office.store.reader.find(IssuedDocument, "990102")
        assert (document.state, document.request_id) == (IssuedState.MATCHED, request.id)


def test_a_list_reads_what_its_issuer_asked_once_however_long_it_is(
    one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    basis = {"level": "policy", "title": "通知", "document_number": "演民发[2026]12号"}
    request = case.submitted(one_hand, case.drafted(one_hand, bases=[basis]))
    reads: list[Any] = []
    find = Unit.find

    def counted(unit: Unit, kind: Any, **by: Any) -> Any:
        reads.append((kind, "applicant_id" in by))
        return find(unit, kind, **by)

    monkeypatch.setattr(Unit, "find", counted)
    lines = [TO_COMMUNITIES.replace("9号", f"{n}号") for n in range(9, 39)]
    taken = brought(one_hand, *lines)
    assert (taken.added, taken.matched) == (30, 1)
    assert reads.count((Request, True)) == 1 and reads.count((Organisation, False)) <= 2
    monkeypatch.undo()
    told = one_hand("auditor").office.store.reader.find(IssuedDocument, "990102")
    assert [d.request_id for d in told if d.request_id] == [request.id]


def test_a_person_says_what_the_numbers_do_not_show(one_hand: Hands) -> None:
    brought(one_hand, TO_COMMUNITIES)
    (document,) = one_hand("auditor").office.store.reader.find(IssuedDocument, "990102")

    def say(**told: Any) -> Any:
        order = msgspec.convert({"reason": "仅告知", **told}, issued.IssuedCommand)
        return one_hand("county.office").do(
            lambda d: issued.classify(d, document.id, document.version, order)
        )

    with refused("issued.which"):
        say()
    assert say(outside=True).state is IssuedState.OUTSIDE
    assert found(one_hand, conduct.ISSUED) == []


def test_a_list_that_brings_more_than_was_meant_is_refused(one_hand: Hands) -> None:
    page_of = "文号,标题,主送,成文日期,正文\nA〔2026〕1号,题,各社区,2026-02-10,全文\n".encode()
    with refused("import.cells"):
        issued.read("发文", page_of)


def test_a_clerk_brings_in_no_list(one_hand: Hands) -> None:
    rows = issued.read("发文", LIST.format(TO_COMMUNITIES).encode())
    with refused("access.forbidden"):
        one_hand("dept.clerk").do(lambda d: issued.bring_in(d, rows))


# ---- 目录 -------------------------------------------------------------------------------------


def test_every_kind_says_how_it_is_found(one_office: Office) -> None:
    lines = {line.code: line for line in listed(one_office).items}
    assert all(line.query for line in lines.values())
    for one in SOUGHT:
        assert lines[one.doubt.code].query.startswith(("SELECT", "WITH")), one.doubt.code


def test_no_sentence_of_the_catalogue_judges() -> None:
    for doubt in CATALOGUE.values():
        assert judging(doubt.name + doubt.zh) == []


def test_a_second_tick_writes_nothing_anew(one_hand: Hands) -> None:
    walled.hung(one_hand)
    office = one_hand("auditor").office
    tick(office)
    head = office.store.reader.head("990102")
    assert "conduct_looked_at" not in tick(office)
    assert office.store.reader.head("990102") == head


def test_the_auditor_reads_what_was_found(one_hand: Hands) -> None:
    walled.hung(one_hand)
    found(one_hand, conduct.WALL)
    person = one_hand("auditor")
    actor = person_actor(person.office, "auditor")
    assert page(person.office, actor, Finding, ListQuery(equals={"code": conduct.WALL.code})).items
