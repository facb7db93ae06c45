"""申报页: a filing is made step by step, kept at every step, and told beforehand what rules say."""

from collections.abc import Callable
from typing import Any

from lxml import html

from registry.actions.office import Office
from registry.domain.document import Document
from registry.domain.filing import Filing
from registry.domain.request import Request, State
from registry.policies.dictionary import own_zh
from registry.web.filing.paper import GROUPS
from registry.web.tongue import Tongue
from tests.web.seated import Seat
from tests.web.test_case import admitted, the_case

Seats = Callable[[str], Seat]
WHAT = {"kind": "task", "title": "楼道灯具编号拍照", "content": "登记灯具", "standard": "一户不漏"}
WHOM = {"applicants.0.organisation_id": "o-990102-civil", "applicants.0.leading": "true",
        "receivers": "residents_committee", "targets": "a-990102001001", "role": "assist",
        "responsible_party": "演示县民政局", "concerns_residents": "true"}  # fmt: skip
LOAD = {"duration": "phase", "starts_on": "2026-04-01", "ends_on": "2026-06-30"}
MONEY = {"funding.0.mode": "transfer", "funding.0.payer_id": "o-990102-civil",
         "funding.0.amount_fen": "8000", "funding.0.fiscal_year": "2026"}  # fmt: skip


def begun(seat: Seat, **asked: str) -> str:
    where = "/file" + ("?" + "&".join(f"{n}={v}" for n, v in asked.items()) if asked else "")
    location: str = seat.get(where).headers["location"]
    return location.rpartition("/")[0]


def step(seat: Seat, at: str, group: str, **typed: Any) -> Any:
    return seat.post(f"{at}/{group}", seat.hidden(f"{at}/{group}") | typed)


def test_every_field_of_a_filing_is_asked_on_one_page_and_no_more() -> None:
    asked = [name for names in GROUPS.values() for name in names]
    assert sorted(asked) == sorted(Filing.__struct_fields__)


def test_a_filing_made_step_by_step_is_a_draft_that_the_head_signs(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    for group, typed in (("what", WHAT), ("whom", WHOM), ("load", LOAD), ("money", MONEY)):
        assert step(clerk, at, group, **typed).status_code == 303
    check = clerk.get(f"{at}/check")
    assert "预审意见" in check.text and "演示县准入办法第六条" in check.text
    done = clerk.post(f"{at}/check", clerk.hidden(f"{at}/check"))
    assert done.status_code == 303, done.text
    case = the_case(one_office)
    assert done.headers["location"] == f"/case/{case.id}?done=request.draft"
    assert (case.state, case.filing.title) == (State.DRAFT, "楼道灯具编号拍照")
    assert case.filing.funding[0].amount_fen == 800000
    assert WHAT["title"] not in clerk.get("/desk/kept").text


def test_what_lists_and_rules_say_stands_beside_the_title_as_it_is_typed(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    part = clerk.post(f"{at}/hints", clerk.hidden(f"{at}/what") | WHAT)
    assert part.status_code == 200 and "第43条" in part.text and "<html" not in part.text
    assert "第43条" not in clerk.get(f"{at}/what").text


def test_a_page_with_something_wrong_says_so_and_keeps_all_that_was_typed(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    told = step(clerk, at, "load", **LOAD | {"starts_on": "下个月"})
    assert told.status_code == 422 and "下个月" in told.text
    assert step(clerk, at, "load", _anyway="1", **LOAD | {"starts_on": "下个月"}).status_code == 303
    assert "下个月" in clerk.get(f"{at}/load").text
    assert 'href="' + at + '/load#f-starts_on"' in clerk.get(f"{at}/check").text


def test_what_is_missing_leads_to_its_page(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    step(clerk, at, "what", **WHAT)
    step(clerk, at, "whom", **WHOM)
    assert f'href="{at}/load#f-starts_on"' in clerk.get(f"{at}/check").text


def test_a_draft_is_gone_on_with_and_a_stale_one_is_told_so(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    for group, typed in (("what", WHAT), ("whom", WHOM), ("load", LOAD)):
        step(clerk, at, group, **typed)
    clerk.post(f"{at}/check", clerk.hidden(f"{at}/check"))
    first, second = (begun(clerk, request=the_case(one_office).id) for _ in range(2))
    step(clerk, first, "what", **WHAT | {"title": "先改的"})
    step(clerk, second, "what", **WHAT | {"title": "后改的"})
    assert clerk.post(f"{first}/check", clerk.hidden(f"{first}/check")).status_code == 303
    late = clerk.post(f"{second}/check", clerk.hidden(f"{second}/check"))
    assert late.status_code == 422 and the_case(one_office).filing.title == "先改的"
    assert "后改的" in clerk.get(f"{second}/what").text


def test_an_earlier_request_is_filed_again_from_its_answers(
    seat: Seats, one_office: Office
) -> None:
    case, clerk = admitted(seat, one_office), seat("dept.clerk")
    at = begun(clerk, copy=case.id)
    assert 'value="楼道灯具编号拍照"' in clerk.get(f"{at}/what").text


def test_nobody_else_reads_what_is_being_filled_in(seat: Seats) -> None:
    at = begun(seat("dept.clerk"))
    assert seat("dept.head").get(f"{at}/what").status_code == 404
    assert seat("dept.head").post(f"{at}/what").status_code == 403


def test_a_file_is_hung_on_a_draft_once_it_is_said_to_hold_no_secret(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    for group, typed in (("what", WHAT), ("whom", WHOM)):
        step(clerk, at, group, **typed)
    clerk.post(f"{at}/check", clerk.hidden(f"{at}/check"))
    path = f"/attach/request/{the_case(one_office).id}"
    file = {"file": ("依据.txt", "演示依据".encode(), "text/plain")}
    refused = clerk.post(path, clerk.hidden(path), files=file)
    assert refused.status_code == 422 and "不涉及国家秘密" in refused.text
    kept = clerk.post(path, clerk.hidden(path) | {"_not_secret": "true"}, files=file)
    assert kept.status_code == 303
    page = clerk.get(path).text
    assert "依据.txt" in page
    link = page.partition('href="/documents/')[2].partition('"')[0]
    answer = clerk.get(f"/documents/{link}")
    assert answer.content == "演示依据".encode()
    assert answer.headers["content-disposition"].startswith("attachment")


def ready(clerk: Seat, **asked: str) -> str:
    """A filing with nothing left to answer; where it is checked."""
    at = begun(clerk, **asked)
    for group, typed in (("what", WHAT), ("whom", WHOM), ("load", LOAD), ("money", MONEY)):
        step(clerk, at, group, **typed)
    return f"{at}/check"


def test_sent_twice_or_opened_again_it_leads_to_the_draft_that_was_made(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    form = clerk.hidden(check)
    made = clerk.post(check, form).headers["location"]
    again, back = clerk.post(check, form), clerk.get(check)
    assert again.status_code == back.status_code == 303
    assert again.headers["location"] == back.headers["location"] == made
    assert len(one_office.store.reader.find(Request, "990102")) == 1


def test_what_was_refused_and_mended_is_handed_on_anew(seat: Seats, one_office: Office) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    step(clerk, check.removesuffix("/check"), "whom",
         **WHOM | {"applicants.0.organisation_id": "o-nobody"})  # fmt: skip
    assert clerk.post(check, clerk.hidden(check)).status_code == 422
    step(clerk, check.removesuffix("/check"), "whom", **WHOM)
    assert clerk.post(check, clerk.hidden(check)).status_code == 303
    assert len(one_office.store.reader.find(Request, "990102")) == 1


def test_another_persons_paper_leads_nowhere(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    clerk.post(check, clerk.hidden(check))
    assert seat("street.clerk").get(check).status_code == 404
    assert clerk.get("/file/fd-nothing/check").status_code == 404


def test_a_copy_takes_the_files_along_where_that_is_ticked_and_only_once(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    clerk.post(check, clerk.hidden(check))
    first = the_case(one_office)
    hang = f"/attach/request/{first.id}"
    clerk.post(hang, clerk.hidden(hang) | {"_not_secret": "true", "_type": "basis"},
               files={"file": ("来文.txt", "来文正文".encode(), "text/plain")})  # fmt: skip
    check = ready(clerk, copy=first.id)
    assert "来文.txt" in clerk.get(check).text
    form = clerk.hidden(check) | {"_with_files": "true"}
    for _ in range(2):
        made = clerk.post(check, form).headers["location"]
    second = made.split("/")[2].partition("?")[0]
    find = one_office.store.reader.find
    assert second != first.id
    assert [d.name for d in find(Document, "990102", parent_id=second)] == ["来文.txt"]
    check = ready(clerk, copy=first.id)
    third = clerk.post(check, clerk.hidden(check)).headers["location"].split("/")[2]
    assert not find(Document, "990102", parent_id=third.partition("?")[0])


def test_what_is_needed_before_it_is_handed_in_is_not_called_optional(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    step(clerk, at, "what", kind="task", title="路灯编号")
    for group, name in (("what", "content"), ("what", "standard"), ("whom", "responsible_party"),
                        ("load", "starts_on"), ("load", "ends_on")):  # fmt: skip
        page = clerk.get(f"{at}/{group}").text
        assert "提交前必填" in page.partition(f'for="f-{name}"')[2][:120], name
    assert "选填" in clerk.get(f"{at}/what").text.partition('for="f-process"')[2][:80]


def test_what_later_steps_ask_is_no_refusal_yet_and_what_is_barred_is_one(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    form = clerk.hidden(f"{at}/what")
    early = clerk.post(f"{at}/hints", form | {"kind": "task", "title": "助餐需求登记"}).text
    assert "还要补：" in early and 'class="errors"' not in early
    barred = clerk.post(f"{at}/hints", form | {"kind": "certificate", "title": "亲属关系证明"}).text
    assert 'class="errors"' in barred and "不应由" in barred


def test_a_draft_says_who_hands_it_in(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    made = clerk.post(check, clerk.hidden(check)).headers["location"]
    assert "已列入单位负责人的待办" in clerk.get(made).text
    box = seat("dept.head").get("/desk").text
    assert f"{made.partition('?')[0]}?" in box and "签发" in box
    assert "签发" not in seat("dept2.head").get("/desk").text.partition("<table")[2]


def test_opening_the_form_twice_leaves_one_empty_paper(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    assert begun(clerk) == at
    step(clerk, at, "what", **WHAT)
    assert begun(clerk) != at


def test_the_body_that_files_is_responsible_and_pays_unless_it_says_otherwise(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    step(clerk, at, "load", **LOAD | {"starts_on": "2027-02-01"})
    money = html.fromstring(step(clerk, at, "money", _add="funding").text)
    assert "演示县民政局</textarea>" in clerk.get(f"{at}/whom").text
    chosen = money.xpath('//input[@name="funding.0.payer_id" and @checked]/@value')
    assert chosen == ["o-990102-civil"]
    assert money.xpath('//input[@name="funding.0.fiscal_year"]/@value') == ["2027"]


def test_an_item_like_the_title_is_picked_where_it_is_told(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    part = clerk.post(f"{at}/hints", clerk.hidden(f"{at}/what") | WHAT | {"title": "独居老人走访"})
    assert 'name="_item" value="DEMO-LST-06"' in part.text
    page = step(clerk, at, "what", **WHAT | {"title": "独居老人走访", "_item": "DEMO-LST-06"})
    assert '<option value="DEMO-LST-06" selected>' in page.text and "独居老人走访" in page.text


def test_one_step_back_keeps_what_was_typed(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    step(clerk, at, "what", **WHAT)
    back = step(clerk, at, "whom", **WHOM | {"responsible_party": "科室"}, _to="what")
    assert back.headers["location"] == f"{at}/what"
    assert "科室" in clerk.get(f"{at}/whom").text
    assert 'name="_to" value="what"' in clerk.get(f"{at}/whom").text


def test_what_stands_in_a_group_goes_by_the_words_of_the_group(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    basis = step(clerk, at, "basis", _add="bases").text
    assert "成文日期" in basis and "凭证日期" not in basis
    assert basis.index("法律</label>") < basis.index("文件</label>") < basis.index("协议</label>")
    money = step(clerk, at, "money", _add="funding").text
    assert "计量单位" in money and "期限单位" not in money and "申请目的" not in money


def test_a_field_of_a_filing_is_called_the_same_on_pages_and_in_what_is_taken_away() -> None:
    chinese = Tongue("zh")
    told = {name: own_zh("filing", name) for name in Filing.__struct_fields__}
    assert {n: zh for n, zh in told.items() if zh} == {
        n: chinese.field(n, "requests") for n, zh in told.items() if zh
    }


PAPER = "funding.0.formula.evidence_ids"
"""测算材料 of the first line of money."""
FORMULA = {"funding.0.formula.rate_fen": "8", "funding.0.formula.quantity": "1000"}
SHEET = ("测算.txt", "演示测算".encode(), "text/plain")


def test_papers_that_show_a_quantity_are_picked_among_those_of_the_draft_or_come_with_the_form(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    before = clerk.get(check.replace("check", "money")).text
    assert f'name="{PAPER}"' not in before and "申请先成草稿" in before
    made = clerk.post(check, clerk.hidden(check)).headers["location"]
    case = made.partition("?")[0].rpartition("/")[2]
    money = begun(clerk, request=case) + "/money"
    form = clerk.hidden(money) | MONEY | FORMULA
    refused = clerk.post(money, form, files={PAPER: SHEET})
    assert refused.status_code == 422 and "不涉及国家秘密" in refused.text
    find = one_office.store.reader.find
    assert not find(Document, "990102", parent_id=case)
    kept = clerk.post(money, form | {"_not_secret": "true"}, files={PAPER: SHEET})
    assert kept.status_code == 303
    (paper,) = find(Document, "990102", parent_id=case)
    page = clerk.get(money).text
    assert f'name="{PAPER}" value="{paper.id}" checked' in page and "测算.txt（" in page
    check = money.replace("money", "check")
    assert clerk.post(check, clerk.hidden(check)).status_code == 303
    (line,) = the_case(one_office).filing.funding
    assert line.formula is not None and line.formula.evidence_ids == [paper.id]


def test_a_formula_asks_what_the_mode_of_its_line_needs(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    money = begun(clerk) + "/money"
    form = clerk.hidden(money) | MONEY | {"_again": "f-funding.0.formula"}
    for mode, name, other in (("transfer", "quantity", "yearly_fen"),
                              ("fixed", "yearly_fen", "quantity")):  # fmt: skip
        page = clerk.post(money, form | {"funding.0.mode": mode}).text
        assert f'name="funding.0.formula.{name}"' in page
        assert f'name="funding.0.formula.{other}"' not in page
    form = clerk.hidden(money) | MONEY | FORMULA | {"funding.0.mode": ""}
    clerk.post(money, {n: v for n, v in form.items() if n != "_again"})
    assert "先选上面的方式" in clerk.get(money.replace("money", "check")).text


def test_a_copy_names_no_paper_that_hangs_on_the_request_it_was_copied_from(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    check = ready(clerk)
    clerk.post(check, clerk.hidden(check))
    first = the_case(one_office)
    hang = f"/attach/request/{first.id}"
    clerk.post(hang, clerk.hidden(hang) | {"_not_secret": "true"}, files={"file": SHEET})
    (paper,) = one_office.store.reader.find(Document, "990102", parent_id=first.id)
    said = {"consents.0.by": "street", "consents.0.given_on": "2026-03-01"}
    basis = begun(clerk, request=first.id)
    step(clerk, basis, "basis", **said, **{"consents.0.document_id": paper.id})
    clerk.post(f"{basis}/check", clerk.hidden(f"{basis}/check"))
    assert the_case(one_office).filing.consents[0].document_id == paper.id
    check = ready(clerk, copy=first.id)
    assert clerk.post(check, clerk.hidden(check)).status_code == 303
    assert the_case(one_office).filing.consents[0].document_id is None
