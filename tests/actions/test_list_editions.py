"""清单修订: a list is changed by two people, on its day, and no earlier day is judged by it."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from registry.actions.office import Office
from registry.actions.rejudging import running, sampling
from registry.actions.rules import editions
from registry.actions.rules.editions import PublishListCommand
from registry.actions.rules.publishing import put_list
from registry.actions.seeding import Seeder
from registry.actions.ticking import tick
from registry.domain.admission import Verdict
from registry.domain.edition import EditionState, ListEdition
from registry.domain.errors import Refusal
from registry.domain.records import civil
from registry.domain.vocabulary import Grade, Polarity
from registry.store.planned import Page
from registry.store.verify import verify
from tests.actions.case import drafted, submitted
from tests.actions.editing import (
    COUNTY,
    LIST,
    asked,
    item,
    kept,
    listed,
    paper,
    proposed,
    published,
    widened,
    withdrawn,
)
from tests.actions.refused import refused
from tests.conftest import MovingClock

Hands = Callable[[str], Any]


def today(office: Office) -> date:
    return civil(office.clock())


def items_on(office: Office, on: date) -> set[str]:
    """Items of the county's list as the rules of a day know them."""
    found = office.rulebooks.of(COUNTY, on).lists.lists
    return {one.id for one in found[LIST].items} if LIST in found else set()


def test_a_list_is_changed_by_two_people_and_at_once_where_its_day_has_come(
    one_office: Office, one_hand: Hands
) -> None:
    before = listed(one_office)
    made = proposed(one_hand, widened(one_office), today(one_office))
    assert made.state is EditionState.PROPOSED and listed(one_office) == before
    after = published(one_hand, made)
    assert (after.state, after.replaces) == (EditionState.IN_FORCE, before)
    assert listed(one_office).items[-1].id == "DEMO-LST-99"
    assert listed(one_office).version == before.version + 1
    assert after.published_by != after.proposed_by
    assert verify(one_office.store.reader._engine, COUNTY).fault is None


def test_a_text_of_a_later_day_governs_from_that_day_and_no_day_before(
    office: Office, hand: Hands, clock: MovingClock
) -> None:
    first = today(office) + timedelta(days=3)
    made = published(hand, proposed(hand, widened(office), first))
    assert made.state is EditionState.PUBLISHED
    assert "DEMO-LST-99" not in items_on(office, first - timedelta(days=1))
    # The day itself is told before anything has brought the text in.
    assert "DEMO-LST-99" in items_on(office, first)
    clock.at += timedelta(days=4)
    assert tick(office)["list_begun"] == 1
    assert kept(office, made.id).state is EditionState.IN_FORCE
    assert "DEMO-LST-99" in {one.id for one in listed(office).items}
    assert "DEMO-LST-99" not in items_on(office, first - timedelta(days=1))
    assert "list_begun" not in tick(office)


def test_the_text_of_an_earlier_day_stays_what_it_was_over_several_editions(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    started = today(one_office)
    last = listed(one_office).items[-1].id
    clock.at += timedelta(days=1)
    first = published(one_hand, proposed(one_hand, widened(one_office), today(one_office)))
    clock.at += timedelta(days=1)
    fewer = listed(one_office)
    fewer = msgspec.structs.replace(fewer, items=[i for i in fewer.items if i.id != last])
    published(one_hand, proposed(one_hand, fewer, today(one_office)))
    assert kept(one_office, first.id).state is EditionState.SUPERSEDED
    told = [
        {last, "DEMO-LST-99"} & items_on(one_office, started + timedelta(days=n)) for n in range(3)
    ]
    assert told == [{last}, {last, "DEMO-LST-99"}, {"DEMO-LST-99"}]


def test_a_verdict_after_publication_cites_the_new_item_and_a_verdict_before_did_not(
    one_office: Office, one_hand: Hands
) -> None:
    before = submitted(one_hand, drafted(one_hand))
    published(one_hand, proposed(one_hand, widened(one_office), today(one_office)))
    after = submitted(one_hand, drafted(one_hand))
    told = [
        "DEMO-LST-99" in msgspec.json.encode(verdict_of(one_office, one.verdict_id)).decode()
        for one in (before, after)
    ]
    assert told == [False, True]


def verdict_of(office: Office, id: str | None) -> Any:
    return office.store.reader.get(Verdict, COUNTY, id or "")


def test_what_is_live_is_judged_anew_on_the_first_day(
    one_office: Office, one_hand: Hands, clock: MovingClock
) -> None:
    submitted(one_hand, drafted(one_hand))
    tick(one_office)
    barred = listed(one_office, "DEMO-BARRED")
    more = item(barred, "DEMO-BAR-99", ground=barred.items[0].ground)
    text = msgspec.structs.replace(barred, items=[*barred.items, more])
    first = today(one_office) + timedelta(days=2)
    published(one_hand, proposed(one_hand, text, first))
    assert "reevaluated" not in tick(one_office)
    clock.at += timedelta(days=2)
    assert tick(one_office)["reevaluated"] >= 1


def test_a_new_list_may_reach_back_and_is_there_from_its_first_day(
    one_office: Office, one_hand: Hands
) -> None:
    fresh = msgspec.structs.replace(
        listed(one_office), id="DEMO-FRESH", title="新清单(演示)", version=1,
        items=[item(listed(one_office), "DEMO-FRESH-1")],
    )  # fmt: skip
    made = published(one_hand, proposed(one_hand, fresh, date(2026, 1, 1)))
    assert made.state is EditionState.IN_FORCE and made.replaces is None
    assert listed(one_office, "DEMO-FRESH").version == 1


def test_a_proposal_is_replaced_until_somebody_signs_it(
    one_office: Office, one_hand: Hands
) -> None:
    first = proposed(one_hand, widened(one_office), today(one_office))
    again = proposed(one_hand, widened(one_office, note="改"), today(one_office))
    assert (again.id, again.version) == (first.id, 2)
    assert len(one_office.store.reader.find(ListEdition, COUNTY)) == 1


def test_a_list_that_comes_in_by_the_command_line_meanwhile_is_not_written_over(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    Seeder(one_office).act(COUNTY, "list.import", partial(put_list, one=listed(one_office)))
    with refused("list.moved"):
        published(one_hand, made)
    with refused("list.moved"):
        proposed(one_hand, widened(one_office), today(one_office), begun_from=1)


def test_whoever_proposed_a_text_does_not_sign_it_and_none_but_the_head_may(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    for role in ("county.office", "dept.head", "street.head", "auditor"):
        with pytest.raises(Refusal) as caught:
            published(one_hand, made, by=role, document_id="doc-x")
        assert caught.value.code in ("signature.same_person", "access.forbidden")
    for role in ("dept.clerk", "street.head", "county.head"):
        with refused("access.forbidden"):
            proposed(one_hand, widened(one_office), today(one_office), by=role)


def test_who_proposes_and_holds_the_heads_post_too_is_told_that_another_must_sign(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    person = one_hand("county.office")
    posts = [*person.actor.posts, *one_hand("county.head").actor.posts]
    person.actor = msgspec.structs.replace(person.actor, posts=posts)
    with refused("signature.same_person"):
        command = PublishListCommand(document_number="x", document_id="doc-x")
        person.do(lambda d: editions.publish(d, made.id, 1, command))


def test_a_text_that_is_unsound_is_refused_cell_by_cell(
    one_office: Office, one_hand: Hands
) -> None:
    one = listed(one_office)
    bad = [
        item(one, "DEMO-LST-98", title=""), item(one, "DEMO-LST-98"),
        item(one, "有空 格"), item(one, "DEMO-LST-97", ground="R99"),
        item(one, "DEMO-LST-96", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1)),
        item(one, "DEMO-LST-95", note="\x00"),
    ]  # fmt: skip
    with refused("list.unsound") as caught:
        text = msgspec.structs.replace(one, items=[*one.items, *bad])
        proposed(one_hand, text, today(one_office))
    told = {(p["line"] - len(one.items), p["code"]) for p in caught.value.facts["problems"]}
    assert told == {
        (1, "sheet.item"), (1, "list.item_twice"), (2, "list.item_twice"), (3, "sheet.item"),
        (4, "sheet.item"), (5, "sheet.item"), (6, "sheet.item"),
    }  # fmt: skip


def test_a_list_that_permits_what_another_forbids_is_refused(
    one_office: Office, one_hand: Hands
) -> None:
    title = listed(one_office, "DEMO-BARRED").items[0].title
    with refused("list.unsound") as caught:
        proposed(one_hand, widened(one_office, title=title), today(one_office))
    assert [p["code"] for p in caught.value.facts["problems"]] == ["list.opposed"]


def test_a_list_of_elsewhere_is_not_proposed_here(one_office: Office, one_hand: Hands) -> None:
    text = msgspec.structs.replace(widened(one_office), county="990100")
    with refused("list.jurisdiction"):
        proposed(one_hand, text, today(one_office))
    street = msgspec.structs.replace(widened(one_office), area="/elsewhere/")
    with refused("list.jurisdiction"):
        proposed(one_hand, street, today(one_office))


def test_a_text_that_changes_nothing_is_not_proposed(one_office: Office, one_hand: Hands) -> None:
    with refused("list.same"):
        proposed(one_hand, listed(one_office), today(one_office))


def test_a_later_text_does_not_reach_back_and_two_do_not_begin_on_one_day(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office) - timedelta(days=1))
    with refused("list.effective"):
        published(one_hand, made)
    published(one_hand, proposed(one_hand, widened(one_office), today(one_office)))
    second = proposed(one_hand, widened(one_office, id="DEMO-LST-98"), today(one_office))
    with refused("list.effective"):
        published(one_hand, second)


def test_publishing_asks_for_the_number_and_the_file_of_its_own(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    command = PublishListCommand()
    with refused("list.papers") as caught:
        one_hand("county.head").do(lambda d: editions.publish(d, made.id, 1, command))
    assert "文号" in caught.value.facts["missing"] and "红头文件" in caught.value.facts["missing"]
    other = msgspec.structs.replace(listed(one_office), id="DEMO-OTHER", items=[])
    stranger = paper(one_hand, proposed(one_hand, other, today(one_office)).id)
    with refused("list.document"):
        published(one_hand, made, document_id=stranger)


def test_items_that_rest_on_a_report_are_confirmed_by_the_second_person(
    one_office: Office, one_hand: Hands
) -> None:
    text = widened(one_office, grade=Grade.REPORTED)
    made = proposed(one_hand, text, today(one_office))
    with refused("list.reported"):
        published(one_hand, made)
    assert published(one_hand, made, confirm_reported=True).confirmed == ["DEMO-LST-99"]


def test_while_a_published_text_waits_for_its_day_no_other_is_proposed(
    one_office: Office, one_hand: Hands
) -> None:
    first = today(one_office) + timedelta(days=3)
    made = published(one_hand, proposed(one_hand, widened(one_office), first))
    with refused("list.waiting"):
        proposed(one_hand, widened(one_office), first)
    with refused("access.forbidden"):
        withdrawn(one_hand, made)
    withdrawn(one_hand, made, by="county.head")
    assert "DEMO-LST-99" not in items_on(one_office, first)
    assert proposed(one_hand, widened(one_office), first).state is EditionState.PROPOSED


def test_a_proposal_is_withdrawn_with_a_reason_and_is_settled_then(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    with refused("list.reason"):
        withdrawn(one_hand, made, reason=" ")
    assert withdrawn(one_hand, made).reason == "文件未印发"
    for move in (published, withdrawn):
        with refused("list.settled"):
            move(one_hand, made, by="county.head")


def test_the_cases_on_record_are_tried_against_a_text_and_nothing_is_kept(
    one_office: Office, one_hand: Hands
) -> None:
    submitted(one_hand, drafted(one_hand))
    barred = listed(one_office, "DEMO-BARRED")
    more = item(barred, "DEMO-BAR-99", ground=barred.items[0].ground)
    text = msgspec.structs.replace(barred, items=[*barred.items, more])
    made = proposed(one_hand, text, today(one_office))
    head = one_office.store.reader.head(COUNTY)
    found = asked(one_hand, "county.head", lambda d: sampling.try_edition(d, made.id))
    assert found.whole and found.summary.cases["newly_refused"] == 1
    assert found.summary.money_fen["newly_refused"] == 800_000
    assert [row[4] for row in found.rows] == ["楼道灯具编号拍照"]
    assert one_office.store.reader.head(COUNTY) == head


def test_a_trial_of_a_text_can_be_kept_with_the_cases_behind_it(
    office: Office, hand: Hands
) -> None:
    submitted(hand, drafted(hand))
    barred = listed(office, "DEMO-BARRED")
    more = item(barred, "DEMO-BAR-99", ground=barred.items[0].ground)
    text = msgspec.structs.replace(barred, items=[*barred.items, more])
    made = proposed(hand, text, today(office))
    run = hand("county.head").do(lambda d: running.begin_edition(d, made.id))
    assert (run.pack_id, run.edition_id, run.digest) == ("DEMO-BARRED", made.id, made.digest)
    with refused("simulation.running"):
        hand("county.office").do(lambda d: running.begin_edition(d, made.id))
    done = running.work_out(office, run, made)
    assert done.passed and done.summary["cases"]["newly_refused"] == 1
    rows = b"".join(running.rows(office, hand("county.office").actor, run.id)).decode("utf-8-sig")
    assert "楼道灯具编号拍照" in rows
    told = office.store.reader.events([COUNTY], {}, Page(limit=100))
    about = [one for one in told if one.object_id == run.id]
    assert {one.act for one in about} <= {"bench", "list.run"}
    assert about and all(made.digest not in one.entry for one in about), "it is no pack's digest"
    assert verify(office.store.reader._engine, COUNTY).fault is None


def test_a_trial_is_kept_of_what_is_on_its_way_alone_and_by_those_who_may(
    one_office: Office, one_hand: Hands
) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    with refused("access.forbidden"):
        one_hand("dept.clerk").do(lambda d: running.begin_edition(d, made.id))
    run = one_hand("county.office").do(lambda d: running.begin_edition(d, made.id))
    another = msgspec.structs.replace(widened(one_office), title="改过的清单")
    later = proposed(one_hand, another, today(one_office))
    assert later.digest != run.digest
    with refused("pack.changed"):
        running.work_out(one_office, run, later)
    published(one_hand, later)
    with refused("list.settled"):
        one_hand("county.office").do(lambda d: running.begin_edition(d, made.id))


def test_of_a_large_county_a_spread_of_cases_is_tried_and_the_answer_says_so(
    one_office: Office, one_hand: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        submitted(one_hand, drafted(one_hand))
    for name, value in {"MOST": 4, "PARTS": 2, "_BATCH": 1}.items():
        monkeypatch.setattr(sampling, name, value)
    made = proposed(one_hand, widened(one_office), today(one_office))
    found = asked(one_hand, "county.office", lambda d: sampling.try_edition(d, made.id))
    assert (found.summary.total, found.of, found.whole) == (4, 6, False)
    monkeypatch.setattr(sampling, "LASTS", timedelta(days=-1))
    found = asked(one_hand, "county.office", lambda d: sampling.try_edition(d, made.id))
    assert found.summary.total == 2, "one batch of each place, whatever the time"


def test_one_trial_at_a_time_and_by_those_who_may(one_office: Office, one_hand: Hands) -> None:
    made = proposed(one_hand, widened(one_office), today(one_office))
    with sampling._one, refused("simulation.busy"):
        asked(one_hand, "county.office", lambda d: sampling.try_edition(d, made.id))
    with refused("access.forbidden"):
        asked(one_hand, "dept.clerk", lambda d: sampling.try_edition(d, made.id))


def test_a_count_that_the_instrument_states_is_held(one_office: Office, one_hand: Hands) -> None:
    text = msgspec.structs.replace(widened(one_office), count_stated=1)
    with refused("list.unsound") as caught:
        proposed(one_hand, text, today(one_office))
    assert caught.value.facts["problems"][0]["code"] == "list.count"


def test_an_item_that_bars_states_its_ground(one_office: Office, one_hand: Hands) -> None:
    barred = listed(one_office, "DEMO-BARRED")
    text = msgspec.structs.replace(
        barred, polarity=Polarity.BARRED, items=[*barred.items, item(barred, ground="")]
    )
    with refused("list.unsound") as caught:
        proposed(one_hand, text, today(one_office))
    assert [p["code"] for p in caught.value.facts["problems"]] == ["list.item_ground"]
