"""工作台和就地办理: a box is narrowed by its address; a case is decided on its own page, then the next."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from registry.actions.office import Office
from registry.domain.approval import Ballot, Opinion
from registry.domain.phrase import Phrase
from registry.domain.request import Request, State
from tests.actions.case import Hands
from tests.actions.standing_in import lend, posted
from tests.conftest import MovingClock
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, admitted, do, the_case, the_task, typed_filing

Seats = Callable[[str], Seat]
STREET = "o-990102001"
ROW = re.compile(r'<a href="/case/([^"?]+)\?([^"]*)">([^<]+)</a>')


@pytest.fixture
def later(clock: MovingClock) -> Callable[[], None]:
    """So that the next id comes after the one before."""

    def go() -> None:
        clock.at += timedelta(seconds=2)

    return go


def filed(seat: Seats, office: Office, title: str, **fields: Any) -> Request:
    """A case that waits for the street's examination."""
    do(seat("dept.clerk"), "request.draft", **typed_filing(title=title, **fields))
    case = next(r for r in office.store.reader.find(Request, COUNTY) if r.title == title)
    do(seat("dept.head"), "request.submit", case.id)
    do(seat("street.clerk"), "request.accept", case.id)
    return case


def rows(page: Any) -> list[str]:
    assert page.status_code == 200, page.text
    return [title for _, _, title in ROW.findall(page.text)]


def case_page(seat: Seat, case: Request, query: str = "") -> str:
    answer = seat.get(f"/case/{case.id}{query}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def forms(page: str) -> dict[str, dict[str, str]]:
    """What each form on a page sends besides what is typed, by where it goes."""
    found: dict[str, dict[str, str]] = {}
    for to, inside in re.findall(r'<form method="post" action="([^"]+)"(.*?)</form>', page, re.S):
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
        found[to.replace("&amp;", "&")] = dict(hidden)
    return found


def form_of(page: str, act: str) -> tuple[str, dict[str, str]]:
    return next((to, held) for to, held in forms(page).items() if to.startswith(f"/do/{act}?"))


# ---- the box ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("text=灯具", {"楼道灯具登记"}),
        ("text=没有", set()),
        ("what=examine", {"楼道灯具登记", "老人回访"}),
        ("what=decide", set()),
        ("what=objection", set()),
        ("applicant=民政", {"楼道灯具登记", "老人回访"}),
        ("applicant=财政", set()),
        ("area=990102001002", {"老人回访"}),
        ("due=late", set()),
        ("due=250", {"楼道灯具登记", "老人回访"}),
        ("kind=signboard", set()),
        ("kind=task&text=老人", {"老人回访"}),
    ],
)  # fmt: skip
def test_the_box_shows_what_its_address_asks(
    seat: Seats, one_office: Office, query: str, left: set[str]
) -> None:
    filed(seat, one_office, "楼道灯具登记", targets=["990102001001"])
    filed(seat, one_office, "老人回访", targets=["990102001002"])
    assert set(rows(seat("street.clerk").get(f"/desk?{query}"))) == left
    assert len(rows(seat("street.clerk").get("/desk"))) == 2


def test_what_an_address_says_wrongly_narrows_nothing_and_is_shown_as_not_said(
    seat: Seats, one_office: Office
) -> None:
    filed(seat, one_office, "楼道灯具登记")
    for query in ("due=soon", "due=9999", "what=everything", "kind=x", "box=none"):
        page = seat("street.clerk").get(f"/desk?{query}")
        assert rows(page) == ["楼道灯具登记"], query
        assert "清除条件" not in page.text, query


def test_pages_and_cases_keep_what_the_box_was_narrowed_to(
    seat: Seats, one_office: Office, monkeypatch: pytest.MonkeyPatch, later: Callable[[], None]
) -> None:
    from registry.web import desk

    monkeypatch.setattr(desk, "PER_PAGE", 2)
    for title in ("灯一", "灯二", "灯三", "别的"):
        filed(seat, one_office, title)
        later()
    first = seat("street.clerk").get("/desk?text=灯&due=20")
    assert len(rows(first)) == 2
    (more,) = re.findall(r'href="(/desk\?[^"]+)" rel="next"', first.text)
    asked = parse_qs(urlsplit(more.replace("&amp;", "&")).query)
    assert (asked["text"], asked["due"]) == (["灯"], ["20"])
    second = seat("street.clerk").get(more.replace("&amp;", "&"))
    assert len(rows(second)) == 1 and set(rows(first) + rows(second)) == {"灯一", "灯二", "灯三"}
    _, query, _ = ROW.findall(second.text)[0]
    assert "text=%E7%81%AF" in query and "after=" in query


def test_a_row_says_who_asks_what_the_rules_say_and_how_much(
    seat: Seats, one_office: Office
) -> None:
    filed(seat, one_office, "楼道灯具登记")
    page = seat("street.clerk").get("/desk").text
    for said in (
        "演示县民政局",
        "须申报准入",
        "8,000.00",
        "剩 15 个工作日",
        "街道（乡镇）审查 · 审查",
    ):
        assert said in page, said
    begun = seat("dept.clerk").get("/desk?box=started").text
    assert "云笺演示街道办事处" in begun and "2026-03-02 起" in begun


def test_a_case_that_is_not_accepted_yet_says_so_where_no_day_runs(
    seat: Seats, one_office: Office
) -> None:
    do(seat("dept.clerk"), "request.draft", **typed_filing(title="演示社区花草认养登记"))
    case = the_case(one_office)
    do(seat("dept.head"), "request.submit", case.id)
    assert "待受理" in seat("street.clerk").get("/desk").text
    do(seat("street.clerk"), "request.accept", case.id)
    assert "待受理" not in seat("street.clerk").get("/desk").text


def test_what_was_done_tells_what_one_said_and_what_became_of_it(
    seat: Seats, one_office: Office
) -> None:
    case = admitted(seat, one_office)
    page = seat("street.clerk").get("/desk?box=done").text
    number = re.search(r"示范准〔2026〕\d+号", page)
    assert "同意" in page and "齐全" in page and "准予准入" in page and number
    assert case.title in page


def test_a_copy_is_noted_as_read_and_opened_in_one_step(seat: Seats, one_office: Office) -> None:
    case = filed(seat, one_office, "楼道灯具登记")
    do(seat("street.clerk"), "request.copy", case.id, organisations="o-990102-finance")
    head = seat("finance.head")
    page = head.get("/desk?box=copied")
    assert "未阅" in page.text
    to, held = form_of(page.text, "copy.read")
    answer = head.post(to, held)
    assert answer.status_code == 303 and f"/case/{case.id}" in answer.headers["location"]
    assert rows(head.get("/desk?box=copied&unread=1")) == []
    assert rows(head.get("/desk?box=copied")) == ["楼道灯具登记"]


# ---- deciding on the page of the case -----------------------------------------------------------


def test_a_case_is_decided_on_its_own_page_and_the_next_one_is_shown(
    seat: Seats, one_office: Office, later: Callable[[], None]
) -> None:
    first = filed(seat, one_office, "灯一")
    later()
    second = filed(seat, one_office, "灯二")
    clerk = seat("street.clerk")
    page = case_page(clerk, first, "?box=todo&text=灯")
    to, held = form_of(page, "task.opine")
    (onward,) = re.findall(r'formaction="(/do/task.opine[^"]+)"', page)
    answer = clerk.post(onward.replace("&amp;", "&"), held | {"ballot": "agree", "text": "齐全"})
    assert answer.status_code == 303, answer.text
    at = answer.headers["location"]
    assert at.startswith(f"/case/{second.id}?box=todo&text=") and "was=" in at
    after = clerk.get(at).text
    assert "灯二" in after and f'<a href="/case/{first.id}">灯一</a>' in after
    assert one_office.store.reader.find(Opinion, COUNTY)[0].text == "齐全"
    assert to != onward


def test_without_a_box_one_comes_back_to_the_case(seat: Seats, one_office: Office) -> None:
    case, clerk = filed(seat, one_office, "灯一"), seat("street.clerk")
    page = case_page(clerk, case)
    assert "formaction" not in page and 'rel="next"' not in page
    to, held = form_of(page, "task.opine")
    answer = clerk.post(to, held | {"ballot": "agree"})
    assert answer.headers["location"] == f"/case/{case.id}?done=task.opine"


def test_what_is_wrong_comes_back_with_all_that_was_typed_and_the_way_to_the_case(
    seat: Seats, one_office: Office
) -> None:
    case, clerk = filed(seat, one_office, "灯一"), seat("street.clerk")
    to, held = form_of(case_page(clerk, case, "?box=todo"), "task.opine")
    answer = clerk.post(to, held | {"text": "写了很久的意见"})
    assert answer.status_code == 422
    assert "写了很久的意见" in answer.text and 'href="#f-ballot"' in answer.text
    assert f'href="/case/{case.id}?box=todo' in answer.text


def test_no_two_fields_of_a_case_page_have_one_id(seat: Seats, one_office: Office) -> None:
    case = filed(seat, one_office, "灯一")
    page = case_page(seat("street.head"), case, "?box=todo")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(forms(page)) > 2
    assert [id for id in set(ids) if ids.count(id) > 1] == []
    labelled = set(re.findall(r'\bfor="([^"]+)"', page))
    assert labelled <= set(ids)


def test_the_next_case_is_that_of_the_box_as_it_is_narrowed(
    seat: Seats, one_office: Office, later: Callable[[], None]
) -> None:
    cases = {}
    for title in ("灯一", "别的", "灯二"):
        cases[title] = filed(seat, one_office, title)
        later()
    clerk = seat("street.clerk")

    def way(case: Request, query: str, rel: str) -> str:
        found = re.findall(
            rf'href="/case/([^"?]+)[^"]*" rel="{rel}"', case_page(clerk, case, query)
        )
        return next((t for t, one in cases.items() if found and one.id == found[0]), "")

    assert way(cases["灯一"], "?box=todo", "next") == "别的"
    assert way(cases["灯一"], "?box=todo&text=灯", "next") == "灯二"
    assert way(cases["灯二"], "?box=todo&text=灯", "next") == ""
    assert way(cases["灯二"], "?box=todo&text=灯", "prev") == "灯一"
    assert way(cases["别的"], "?box=todo&text=灯", "next") == "灯一", "it is not in the box"


def test_the_way_goes_on_to_the_next_page_of_the_box(
    seat: Seats, one_office: Office, monkeypatch: pytest.MonkeyPatch, later: Callable[[], None]
) -> None:
    from registry.web import deciding

    monkeypatch.setattr(deciding, "PER_PAGE", 1)
    first = filed(seat, one_office, "灯一")
    later()
    second = filed(seat, one_office, "灯二")
    page = case_page(seat("street.clerk"), first, "?box=todo")
    (on,) = re.findall(r'href="(/case/[^"]+)" rel="next"', page)
    assert on.startswith(f"/case/{second.id}?box=todo&amp;after=")


def test_the_places_of_a_filing_are_called_by_name_where_it_gives_their_codes(
    seat: Seats, one_office: Office
) -> None:
    case = filed(seat, one_office, "灯一", targets=["990102001001"])
    assert "霜舟演示社区" in case_page(seat("street.head"), case)


def test_a_picture_is_shown_and_who_attached_it(seat: Seats, one_office: Office) -> None:
    case, clerk = filed(seat, one_office, "灯一"), seat("dept.clerk")
    path = f"/attach/request/{case.id}"
    picture = ("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 3000, "image/png")
    held = clerk.hidden(path) | {"_type": "photo", "_not_secret": "true"}
    assert clerk.post(path, held, files={"file": picture}).status_code == 303
    page = case_page(seat("street.clerk"), case)
    assert "现场.png" in page and "3 KB" in page and 'loading="lazy"' in page
    person = one_office.store.reader.person_named("dept.clerk")
    assert person is not None and person.name in page


# ---- wordings -----------------------------------------------------------------------------------


def test_a_wording_is_kept_picked_changed_and_dropped_on_pages(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("street.clerk")
    to, held = form_of(clerk.get("/desk/phrases").text, "phrase.keep")
    answer = clerk.post(to, held | {"text": "材料齐全，同意。", "act": "task.examine"})
    assert answer.headers["location"] == "/desk/phrases?done=phrase.keep"
    case = filed(seat, one_office, "灯一")
    page = case_page(clerk, case)
    assert "选用常用意见" in page
    to, held = form_of(page, "task.opine")
    typed = {"ballot": "agree", "text": "已电话核实。", "_phrase": "材料齐全，同意。"}
    assert clerk.post(to, held | typed).status_code == 303
    said = one_office.store.reader.find(Opinion, COUNTY)[0]
    assert said.text == "已电话核实。\n材料齐全，同意。" and said.ballot is Ballot.AGREE
    kept = one_office.store.reader.find(Phrase, COUNTY)[0]
    page = clerk.get("/desk/phrases").text
    (change, drop) = re.findall(rf'action="(/do/phrase.amend\?id={kept.id}[^"]*)".*?</form>',
                                page, re.S)  # fmt: skip
    assert change == drop
    hidden = {"_token": held["_token"], "_version": "1", "organisation_id": STREET}
    given = hidden | {"_key": "change", "text": "请补充材料。", "active": "true"}
    assert clerk.post(change.replace("&amp;", "&"), given).status_code == 303
    assert "请补充材料。" in clerk.get("/desk/phrases").text
    given = hidden | {"_key": "drop", "_version": "2", "text": "请补充材料。"}
    dropped = clerk.post(change.replace("&amp;", "&"), given | {"active": "false"})
    assert dropped.status_code == 303
    assert "请补充材料。" not in clerk.get("/desk/phrases").text


def test_a_wording_that_was_picked_is_not_lost_when_something_is_wrong(
    seat: Seats, one_office: Office
) -> None:
    clerk, case = seat("street.clerk"), filed(seat, one_office, "灯一")
    to, held = form_of(case_page(clerk, case), "task.opine")
    answer = clerk.post(to, held | {"text": "先写的", "_phrase": "后选的"})
    assert answer.status_code == 422
    assert re.search(r'<textarea id="f-text"[^>]*>\n先写的\n后选的</textarea>', answer.text)


def test_only_who_may_share_is_asked_to_and_a_wording_of_another_act_is_not_offered(
    seat: Seats, one_office: Office
) -> None:
    assert 'name="shared"' not in seat("street.clerk").get("/desk/phrases").text
    head = seat("street.head")
    page = head.get("/desk/phrases").text
    assert 'name="shared"' in page
    to, held = form_of(page, "phrase.keep")
    shared = {"text": "同意准入。", "act": "request.approve", "shared": "true"}
    assert head.post(to, held | shared).status_code == 303
    case = filed(seat, one_office, "灯一")
    assert "同意准入。" not in case_page(seat("street.clerk"), case)
    do(seat("street.clerk"), "task.opine", the_task(one_office).id, ballot="agree")
    assert "同意准入。" in case_page(head, the_case(one_office))
    assert "修改" not in seat("street.clerk").get("/desk/phrases").text, "the head's to change"


def test_a_box_that_is_ticked_unless_said_otherwise_stands_ticked_and_can_be_cleared(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("street.clerk")
    page = clerk.get("/do/phrase.keep")
    assert re.search(r'<input type="checkbox" id="f-active"[^>]* checked>', page.text)
    typed = {"organisation_id": STREET, "text": "暂不使用", "act": ""}
    for said, active in ((["false"], False), (["false", "true"], True)):
        held = clerk.hidden("/do/phrase.keep") | typed | {"active": said}
        assert clerk.post("/do/phrase.keep", held).status_code == 303
        assert one_office.store.reader.find(Phrase, COUNTY, active=active)


# ---- keys ---------------------------------------------------------------------------------------


def test_keys_are_turned_off_and_on_again_on_ones_own_page(seat: Seats) -> None:
    clerk = seat("street.clerk")
    page = clerk.get("/me").text
    assert "<body data-keys>" in page
    to, held = next((to, held) for to, held in forms(page).items() if to == "/me/keys")
    answer = clerk.post(to, held | {"keys": "off"})
    assert "registry_keys=off" in answer.headers["set-cookie"]
    assert "Max-Age=31536000" in answer.headers["set-cookie"]
    off = clerk.client.get("/desk", headers=clerk.headers() | {
        "cookie": clerk.headers()["cookie"] + "; registry_keys=off"})  # fmt: skip
    assert "<body>" in off.text and 'id="keys"' not in off.text
    answer = clerk.post(to, held | {"keys": "on"})
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_case_decided_by_delegation_says_for_whom(
    seat: Seats, one_office: Office, one_hand: Hands
) -> None:
    filed(seat, one_office, "灯一")
    do(seat("street.clerk"), "task.opine", the_task(one_office).id, ballot="agree")
    case = the_case(one_office)
    assert case.state is State.IN_REVIEW
    posted(one_office, "street2.clerk", "street.clerk", STREET)
    lend(one_hand, "street.head", "street2.clerk", "request.approve")
    head = one_office.store.reader.person_named("street.head")
    assert head is not None
    deputy = seat("street2.clerk")
    assert f"代 {head.name} 办理" in deputy.get("/desk").text
    page = case_page(deputy, case)
    assert f"本次以 {head.name} 的岗位办理" in page
