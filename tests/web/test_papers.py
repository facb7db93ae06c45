"""公文页: a paper is a page, a docx, a PDF, linked from its record, closed to who may not read it."""

import io
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from litestar.testing import TestClient
from pypdf import PdfReader

from registry.actions.office import Office
from registry.actions.papers.kinds import KINDS
from registry.actions.papers.reference import reference
from registry.actions.staff.accounts import issue_token
from registry.domain.living import Suspension
from registry.domain.movement import Movement
from registry.domain.vouching import AdmissionNotice
from tests.actions.audited import letter
from tests.actions.case import admitted, drafted, submitted
from tests.actions.decided import decision_of, rows
from tests.actions.lived import begun
from tests.actions.papered import edited, every, plain, read
from tests.conftest import Hand
from tests.joined import joined
from tests.web.seated import Seat

Seats = Callable[[str], Seat]
HOSTILE = "<script>alert(1)</script>“粗”"


def hands(office: Office) -> Any:
    return lambda name: Hand(office, name)


def test_every_paper_is_a_page_and_two_files_with_the_same_words(
    seat: Seats, one_office: Office
) -> None:
    for word, told in every(hands(one_office)).items():
        person = seat(told.by)
        page = person.get(f"/papers/{word}/{told.id}")
        assert page.status_code == 200, word
        assert page.text.count("<h1>") == 1 and "style=" not in page.text
        docx, pdf = (person.get(f"/papers/{word}/{told.id}.{form}") for form in ("docx", "pdf"))
        assert pdf.headers["content-type"] == "application/pdf"
        assert "attachment" in docx.headers["content-disposition"]
        for words in told.words:
            assert plain(words) in plain(page.text), word
            assert plain(words) in edited(docx.content) and plain(words) in read(pdf.content), word


def test_a_record_names_its_papers_and_a_paper_its_record(seat: Seats, one_office: Office) -> None:
    request = admitted(hands(one_office))
    page = seat("dept.head").get(f"/records/requests/{request.id}").text
    assert f'href="/papers/approval/{request.id}"' in page
    assert f'href="/papers/acceptance/{request.id}"' in page and "/papers/supplement/" not in page
    paper = seat("dept.head").get(f"/papers/approval/{request.id}").text
    assert f'href="/records/requests/{request.id}"' in paper
    there = seat("auditor").get(f"/records/requests/{request.id}?county=990102").text
    assert f'href="/papers/approval/{request.id}?county=990102"' in there
    beyond = seat("auditor").get(f"/papers/approval/{request.id}?county=990102").text
    assert f'href="/papers/approval/{request.id}.pdf?county=990102"' in beyond


def test_a_record_of_a_county_below_leads_to_papers_of_that_county(
    seat: Seats, one_office: Office
) -> None:
    request = admitted(hands(one_office))
    city = seat("city.office")
    for page in (f"/records/requests/{request.id}", f"/case/{request.id}"):
        to = f"/papers/approval/{request.id}?county=990102"
        assert f'href="{to}"' in city.get(page).text
        assert city.get(to).status_code == 200


def test_whoever_comes_by_a_letter_is_offered_what_the_letter_opens_alone(
    seat: Seats, one_office: Office
) -> None:
    request = admitted(hands(one_office))
    letter(hands(one_office))
    record = seat("inspector").get(f"/records/requests/{request.id}?county=990102").text
    case = seat("inspector").get(f"/case/{request.id}?county=990102").text
    assert f"/papers/approval/{request.id}" in record and f"/papers/approval/{request.id}" in case
    assert "/papers/statement/" not in record + case and "/money/items/" not in case
    letter(hands(one_office), topic="money", number="演巡函〔2026〕4号")
    assert "/papers/statement/" in seat("inspector").get(f"/records/requests/{request.id}").text


def test_a_notice_is_printed_with_its_code(seat: Seats, one_office: Office) -> None:
    hand = hands(one_office)
    notice = rows(hand, AdmissionNotice, request_id=admitted(hand).id)[0]
    page = seat("community.worker").get(f"/papers/notice/{notice.id}").text
    assert 'src="data:image/svg+xml;base64,' in page


def test_who_may_not_read_it_and_what_is_not_there_are_told_alike(
    seat: Seats, one_office: Office
) -> None:
    request = admitted(hands(one_office))
    decision = decision_of(hands(one_office), request)
    for form in ("", ".pdf", ".docx"):
        strange = seat("dept2.head").get(f"/papers/decision/{decision.id}{form}")
        absent = seat("dept2.head").get(f"/papers/decision/dec-0{form}")
        assert (strange.status_code, absent.status_code) == (404, 404)
        assert decision.number not in strange.text
    assert seat("dept.head").get(f"/papers/nothing/{decision.id}").status_code == 404
    assert seat("dept.head").get("/papers/archive/req-0.zip").status_code == 404
    open_case = seat("dept.head").get(f"/papers/archive/{request.id}.zip")
    assert open_case.status_code == 409 and "尚未归档" in open_case.text


def test_what_a_clerk_typed_is_text_on_a_paper(seat: Seats, one_office: Office) -> None:
    request = admitted(hands(one_office), title=HOSTILE, content="一\n" + "长" * 9_000)
    page = seat("dept.head").get(f"/papers/approval/{request.id}")
    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)" in page.text
    assert HOSTILE in read(seat("dept.head").get(f"/papers/approval/{request.id}.pdf").content)


def test_the_page_speaks_english_around_a_paper_that_stays_chinese(
    seat: Seats, one_office: Office
) -> None:
    request = admitted(hands(one_office))
    page = seat("dept.head").get(f"/papers/approval/{request.id}?lang=en").text
    assert (
        "Back to the record" in page and 'lang="zh-CN"' in page and "社区工作事项准入审批表" in page
    )


def test_numbers_are_reserved_from_a_page_once_however_often_it_is_sent(seat: Seats) -> None:
    clerk, at = seat("dept.clerk"), "/papers/blank"
    form = clerk.hidden(at) | {"count": "2"}
    assert [clerk.post(at, form).status_code for _ in range(2)] == [303, 303]
    page = clerk.get(at).text
    assert page.count('data-label="编号"') == 2 and "演示县民政局预〔2026〕2号" in page
    link = f"{at}/o-990102-civil.pdf?number=演示县民政局预〔2026〕1号"
    assert "社区工作事项准入申请表" in read(clerk.get(link).content)
    assert 'action="/papers/blank"' not in clerk.get(link.replace(".pdf", "")).text
    for wrong in ("0", "51", "许多", ""):
        answer = clerk.post(at, clerk.hidden(at) | {"count": wrong})
        assert answer.status_code == 422 and "1 至 50" in answer.text
        assert "form.count" in answer.text
    assert seat("community.worker").get(at).status_code == 403


# ---------------------------------------------------------------------------- the same by HTTP


def asks(person: Seat, path: str) -> Any:
    """As a program of that person."""
    token = issue_token(person.office, person.person).token
    return person.client.get(path, headers={"authorization": f"Bearer {token}"})


def test_programs_get_the_same_files(seat: Seats, one_office: Office) -> None:
    request, head = admitted(hands(one_office)), seat("dept.head")
    path = f"/api/v1/requests/{request.id}/papers/approval"
    for form in ("docx", "pdf", "html"):
        told = asks(head, f"{path}?format={form}")
        assert told.status_code == 200
        assert told.content == head.get(f"/papers/approval/{request.id}.{form}").content
    assert asks(head, path).json()["title"] == "社区工作事项准入审批表"


def test_a_paper_alone_is_one_page_that_fetches_and_runs_nothing(
    seat: Seats, one_office: Office
) -> None:
    notice = rows(hands(one_office), AdmissionNotice,
                  request_id=admitted(hands(one_office), title=HOSTILE).id)[0]  # fmt: skip
    worker = seat("community.worker")
    told = asks(worker, f"/api/v1/admission-notices/{notice.id}/papers/notice?format=html")
    assert told.headers["content-type"] == "text/html; charset=utf-8"
    policy = told.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    page, style = told.text, told.text.partition("<style>")[2].partition("</style>")[0]
    assert b64encode(sha256(style.encode()).digest()).decode() in policy
    assert "<script" not in page and " style=" not in page and "&lt;script&gt;" in page
    assert "http-equiv" in page and 'src="data:image/svg+xml;base64,' in page
    assert plain(notice.number) in plain(page) and 'href="' not in page
    kept = worker.get(f"/papers/notice/{notice.id}.html")
    assert kept.text == page and "attachment" in kept.headers["content-disposition"]


def test_a_paper_is_found_by_what_is_read_out_over_the_telephone(
    seat: Seats, one_office: Office
) -> None:
    request = admitted(hands(one_office))
    decision, head = decision_of(hands(one_office), request), seat("dept.head")
    folded = decision.number.replace("〔", "[").replace("〕", "]")
    for number in (decision.number, folded, reference(decision.id)):
        page = head.get(f"/papers?number={quote(number)}").text
        assert f'href="/papers/decision/{decision.id}"' in page, number
        other = seat("dept2.head").get(f"/papers?number={quote(number)}").text
        assert decision.id not in other and request.title not in other, number
    told = asks(head, f"/api/v1/papers?number={decision.number}").json()
    assert [(i["resource"], i["id"]) for i in told["items"]] == [("decisions", decision.id)]
    assert "maxlength" in head.get("/papers").text
    assert head.get("/papers?number=" + "%3Cb%3E" * 99).status_code == 200
    assert 'action="/papers"' in head.get("/records").text, "looked for where records are"


def test_every_page_of_a_paper_carries_the_banner(seat: Seats, one_office: Office) -> None:
    request = admitted(hands(one_office))
    standing, _ = joined()
    assert "演示数据" in standing.letterhead.banner, "the application says it when it is joined"
    one_office.letterhead = standing.letterhead
    told = seat("dept.head").get(f"/papers/approval/{request.id}.pdf").content
    pages = PdfReader(io.BytesIO(told)).pages
    banner = plain(one_office.letterhead.banner)
    assert banner and len(pages) > 1
    assert all(banner in plain(page.extract_text()) for page in pages)


def test_every_kind_has_its_entry_in_the_description(client: TestClient[Any]) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    for kind in KINDS:
        assert f"/api/v1/{kind.resource}/{{id}}/papers/{kind.word}" in paths
    assert "/api/v1/requests/{id}/archive" in paths


# ------------------------------------------------------------------------- offered at once


def done(person: Seat, act: str, id: str, **typed: str) -> str:
    """The page on which one stands after an act, by the form of the page."""
    at = f"/do/{act}?id={id}"
    answer = person.post(at, person.hidden(at) | typed)
    assert answer.status_code == 303, answer.text
    return str(person.get(answer.headers["location"]).text)


def test_whoever_has_done_an_act_is_offered_its_paper_at_once(
    seat: Seats, one_office: Office
) -> None:
    hand = hands(one_office)
    request = submitted(hand, drafted(hand))
    page = done(seat("street.clerk"), "request.accept", request.id)
    assert f'href="/papers/acceptance/{request.id}">打印受理通知书</a>' in page
    page = done(seat("dept.clerk"), "request.urge", request.id, text="请尽快办理")
    urged = rows(hand, Movement, request_id=request.id)[-1]
    assert f'href="/papers/urging/{urged.id}">打印催办单</a>' in page
    presence = begun(hand, title="门牌照片登记")
    page = done(seat("dept.head"), "presence.suspend", presence.id, reason="经费未到")
    stopped = rows(hand, Suspension)[0]
    assert f'href="/papers/suspension/{stopped.id}">打印暂停执行通知书</a>' in page
    page = done(seat("dept.head"), "presence.resume", presence.id, reason="继续")
    assert f'href="/papers/resumption/{stopped.id}">打印恢复执行通知书</a>' in page
    crafted = seat("dept.head").get(f"/case/{request.id}?done=request.accept~x%22~%3Cb%3E").text
    assert "<b>" not in crafted and "打印" not in crafted.partition("<h1>")[0]


def test_a_case_leads_to_every_paper_of_it(seat: Seats, one_office: Office) -> None:
    request = admitted(hands(one_office))
    decision = decision_of(hands(one_office), request)
    page = seat("dept.head").get(f"/case/{request.id}").text
    for paper in (f"approval/{request.id}", f"acceptance/{request.id}", f"decision/{decision.id}"):
        assert f'href="/papers/{paper}"' in page
    assert "/papers/archive/" not in page
