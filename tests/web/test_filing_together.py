"""组合申报、代录: several matters on one paper, each with its own verdict; recorded for another; and
a sign-in that runs out on the way loses nothing.
"""

import html
import re
from collections.abc import Callable
from typing import Any

from registry.actions.office import Office
from registry.domain.areas import Area
from registry.domain.audit import Finding
from registry.domain.request import Request, State
from registry.web.visit import SESSION
from tests.web.seated import Seat
from tests.web.test_case import do
from tests.web.test_filing import LOAD, MONEY, WHAT, WHOM, begun, step
from tests.web.test_sessions import PASSWORD, with_password

Seats = Callable[[str], Seat]
LETTER = {
    "letter.document_number": "演民发〔2026〕7号", "letter.dated_on": "2026-03-01",
    "letter.signed_by": "演示局长", "letter.contact": "演示经办", "letter.telephone": "010-00000000",
}  # fmt: skip
PARTS = {"what": WHAT, "whom": WHOM, "load": LOAD, "money": MONEY}


def filled(seat: Seat, **more: dict[str, Any]) -> str:
    at = begun(seat)
    for group, typed in (PARTS | more).items():
        assert step(seat, at, group, **typed).status_code == 303
    return at


def requests(office: Office) -> list[Request]:
    return list(office.store.reader.find(Request, "990102"))


def test_matters_filed_together_are_drafted_on_one_paper_each_with_its_own_verdict(
    seat: Seats, one_office: Office
) -> None:
    clerk = seat("dept.clerk")
    at = filled(clerk, basis=LETTER)
    answer = clerk.post(f"{at}/check", clerk.hidden(f"{at}/check") | {"_part": "1"})
    second = answer.headers["location"].removesuffix("/what")
    whom = clerk.get(f"{second}/whom").text
    assert f'value="{WHOM["targets"]}" checked' in whom and "演示县民政局</textarea>" in whom
    assert "楼道灯具" not in clerk.get(f"{second}/what").text
    step(clerk, second, "what", **WHAT | {"title": "由社区实施行政处罚"})
    step(clerk, second, "load", **LOAD)
    assert clerk.get(f"{second}/check").headers["location"] == f"{at}/check"
    page = clerk.get(f"{at}/check").text
    place = one_office.store.reader.get(Area, "990102", WHOM["targets"])
    assert place is not None and f">{place.name}</a>" in page
    assert page.count('id="verdict-') == 2 and "第 2 项：由社区实施行政处罚" in page
    whole = {"_title": "灯具和处罚一揽子", "_inseparable": "true"}
    done = clerk.post(f"{at}/check", clerk.hidden(f"{at}/check") | whole)
    assert done.status_code == 303, done.text
    parent = next(r for r in requests(one_office) if r.composite)
    parts = sorted(
        (r for r in requests(one_office) if r.parent_id == parent.id),
        key=lambda r: r.title != WHAT["title"],
    )
    assert (parent.title, parent.inseparable) == ("灯具和处罚一揽子", True)
    assert [r.title for r in parts] == [WHAT["title"], "由社区实施行政处罚"]
    assert parent.filing.funding == [] and parts[0].filing.funding != []
    assert [r.letter_number for r in parts] == ["演民发〔2026〕7号"] * 2
    kept = clerk.get("/desk/kept").text
    assert WHAT["title"] not in kept and "行政处罚" not in kept
    do(seat("dept.head"), "request.submit", parent.id, insist="true", reason="上级要求")
    assert {r.state for r in requests(one_office)} == {State.SUBMITTED}
    found = one_office.store.reader.find(Finding, "990102")
    assert "letter.number_twice" not in repr(found)


def test_a_matter_is_taken_out_of_the_paper_again(seat: Seats, one_office: Office) -> None:
    clerk = seat("dept.clerk")
    at = filled(clerk)
    hidden = clerk.hidden(f"{at}/check")
    clerk.post(f"{at}/check", hidden | {"_part": "1"})
    found = re.search(r'name="_drop_part" value="([^"]+)"', clerk.get(f"{at}/check").text)
    assert found is not None
    clerk.post(f"{at}/check", hidden | {"_drop_part": found[1]})
    assert clerk.post(f"{at}/check", clerk.hidden(f"{at}/check")).status_code == 303
    assert [r.composite for r in requests(one_office)] == [False]


def test_who_may_record_for_others_does_so_on_the_letter_of_who_asks(
    seat: Seats, one_office: Office
) -> None:
    office = seat("county.office")
    assert 'href="/file"' in office.get("/desk").text
    at = filled(office)
    page = office.get(f"{at}/check").text
    assert "代录" in page and f'href="{at}/basis#f-letter"' in page
    step(office, at, "basis", **LETTER)
    assert office.post(f"{at}/check", office.hidden(f"{at}/check")).status_code == 303
    case = requests(one_office)[-1]
    own = office.person.id
    assert case.applicant_id == "o-990102-civil" and case.drafted_by == own
    assert case.recorded_by_organisation_id not in (None, "o-990102-civil")


def test_a_clerk_may_not_file_in_the_name_of_another_body(seat: Seats, one_office: Office) -> None:
    clerk = seat("dept.clerk")
    at = filled(clerk, whom=WHOM | {"applicants.0.organisation_id": "o-990102-finance"})
    answer = clerk.post(f"{at}/check", clerk.hidden(f"{at}/check"))
    assert answer.status_code == 422 and requests(one_office) == []


def test_the_item_of_a_list_is_picked_by_its_name_those_near_the_title_first(seat: Seats) -> None:
    clerk = seat("dept.clerk")
    at = begun(clerk)
    step(clerk, at, "what", **WHAT | {"title": "节水宣传活动"})
    page = clerk.get(f"{at}/what").text
    select = page.partition('<select id="f-list_item_id"')[2].partition("</select>")[0]
    assert select.index("与题目相近") == select.index("<optgroup label=") + len('<optgroup label="')
    first = re.findall(r'<option value="([^"]+)"', select)[0]
    step(clerk, at, "what", **WHAT | {"list_item_id": first})
    assert f'value="{html.escape(first)}" selected' in clerk.get(f"{at}/what").text


def test_a_sign_in_that_ran_out_in_the_middle_loses_nothing(
    seat: Seats, one_office: Office
) -> None:
    with_password(one_office, "dept.clerk")
    clerk = seat("dept.clerk")
    at = filled(clerk)
    hidden = clerk.hidden(f"{at}/basis")
    clerk.secret = "x" * len(clerk.secret)
    told = clerk.post(f"{at}/hints", hidden | WHAT)
    assert told.status_code == 401 and "<html" not in told.text and "登录已过期" in told.text
    asked = clerk.post(f"{at}/basis", hidden | LETTER)
    assert asked.status_code == 401 and LETTER["letter.document_number"] in asked.text
    answer = clerk.client.post(
        "/login", headers={"sec-fetch-site": "same-origin"}, follow_redirects=False,
        data=clerk.sent(asked) | {"username": "dept.clerk", "password": PASSWORD},
    )  # fmt: skip
    assert answer.status_code == 200 and LETTER["letter.signed_by"] in answer.text, answer.text
    cookies = "".join(answer.headers.get_list("set-cookie"))
    clerk.secret = cookies.partition(f"{SESSION}=")[2].partition(";")[0]
    resumed = clerk.post(f"{at}/basis", clerk.sent(answer))
    assert resumed.status_code == 200 and LETTER["letter.signed_by"] in resumed.text
    assert step(clerk, at, "basis", **LETTER).status_code == 303
    check = clerk.get(f"{at}/check").text
    assert LETTER["letter.document_number"] in check and WHAT["title"] in check
