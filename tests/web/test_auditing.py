"""审计作业页、导出页: a sample is drawn by seed and drawn again by who doubts it; lists go out as files."""

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Any

from registry.actions.office import Answer, Office
from registry.domain.auditing import AuditProject, Sample
from tests.conftest import Hand, MovingClock
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, admitted, do, typed_filing

Seats = Callable[[str], Seat]
PAPER = {
    "number": "演审〔2026〕1号", "title": "社区经费审计", "units": "o-990102-civil",
    "first_on": "2026-01-01", "last_on": "2026-03-01", "until": "2026-06-30",
}  # fmt: skip


def opened(seat: Seats, office: Office) -> AuditProject:
    do(seat("auditor"), "audit_project.open", **PAPER)
    return office.store.reader.find(AuditProject, COUNTY)[0]


def test_a_sample_is_drawn_from_a_page_with_its_seed_and_drawn_again_the_same(
    seat: Seats, one_office: Office, clock: MovingClock
) -> None:
    case, project = admitted(seat, one_office), opened(seat, one_office)
    auditor = seat("auditor")
    at = f"/audit/draw?project_id={project.id}"
    done = auditor.hand_in(at, project_id=project.id, resource="requests", size="1",
                           method="count", seed="2026-03-02")  # fmt: skip
    assert done.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", done.text)
    page = auditor.get(done.headers["location"]).text
    assert "2026-03-02" in page and case.title in page and f"/records/requests/{case.id}" in page
    path = done.headers["location"].partition("?")[0]
    do(seat("dept.clerk"), "request.draft", **{"filing.title": "抽样以后才有的"}, **_rest())
    assert "重抽结果与样本一致" in auditor.get(path + "?again=1").text
    assert case.id in auditor.get(path + "?format=csv").content.decode("utf-8-sig")
    held = one_office.store.reader.find(Sample, COUNTY)
    assert [one.ids for one in held] == [[case.id]]
    assert path in auditor.get(f"/audit/projects/{project.id}").text


def _rest() -> dict[str, str]:
    return {n: v for n, v in typed_filing().items() if n != "filing.title"}


def test_a_sample_of_what_is_drawn_from_no_longer_is_shown_and_says_so_when_drawn_again(
    seat: Seats, one_office: Office
) -> None:
    project, auditor = opened(seat, one_office), seat("auditor")
    held = Sample(
        county=COUNTY, id="smp-of-before", project_id=project.id, person_id=auditor.person.id,
        resource="leases", method="stratum:3", seed="2026-03-02", as_of=1, population=9,
        ids=["lease-4"],
    )  # fmt: skip

    Hand(one_office, "auditor", COUNTY).do(lambda desk: Answer(body=desk.unit.add(held)))
    page = auditor.get(f"/audit/samples/{held.id}")
    assert page.status_code == 200 and "lease-4" in page.text
    assert "/records/leases" not in page.text
    again = auditor.get(f"/audit/samples/{held.id}?again=1")
    assert again.status_code == 200 and "此类记录不能按这种方法抽样" in again.text
    assert auditor.get(f"/audit/samples/{held.id}?format=csv").status_code == 200


def test_what_is_missing_for_a_sample_is_told_at_its_field(seat: Seats, one_office: Office) -> None:
    project = opened(seat, one_office)
    answer = seat("auditor").hand_in("/audit/draw", project_id=project.id, size="")
    assert answer.status_code == 422
    assert 'href="#f-size"' in answer.text and 'href="#f-resource"' in answer.text
    weird = seat("auditor").hand_in("/audit/draw", project_id=project.id, size="3",
                                    resource="people", method="count")  # fmt: skip
    assert weird.status_code == 422 and 'role="alert"' in weird.text


def test_conditions_are_picked_in_words_and_count_for_the_records_chosen_alone(
    seat: Seats, one_office: Office
) -> None:
    case, project, auditor = admitted(seat, one_office), opened(seat, one_office), seat("auditor")
    form = auditor.get("/audit/draw").text
    chosen = form.split('name="filters.requests.state"')[1].split("</select>")[0]
    assert 'value="approved"' in chosen and "准予准入" in chosen
    typed = {"project_id": project.id, "resource": "requests", "size": "3", "method": "count"}
    none = auditor.hand_in("/audit/draw", **typed, **{"filters.requests.state": "rejected"})
    page = _plain(auditor.get(none.headers["location"]))
    assert "抽中 0 件，共有 0 件可抽" in page and "没有符合条件的记录" in page
    some = auditor.hand_in("/audit/draw", **typed, **{
        "filters.requests.state": "approved", "filters.vouchers.state": "voided",
    })  # fmt: skip
    page = _plain(auditor.get(some.headers["location"]))
    assert case.title in page and "要抽 3 件" in page and "准予准入" in page
    heavy = auditor.hand_in("/audit/draw", **typed | {"method": "amount"})
    assert heavy.status_code == 422 and 'href="#f-method"' in heavy.text


def _plain(answer: Any) -> str:
    return re.sub(r"<[^>]+>", " ", answer.text)


def test_a_project_shows_its_paper_units_and_what_may_be_done(
    seat: Seats, one_office: Office
) -> None:
    project = opened(seat, one_office)
    auditor, form = seat("auditor"), "/do/audit_project.open"
    found = auditor.hand_in(form, **{"_find.units": "民政局", "_again": "f-units"})
    assert 'name="units" value="o-990102-civil"' in found.text
    assert "o-990102-civil" not in _plain(auditor.get(f"/records/audit-projects/{project.id}"))
    page = auditor.get(f"/audit/projects/{project.id}").text
    for said in ("演审〔2026〕1号", "民政局", "/audit/draw?project_id=", "problems"):
        assert said in page, said
    assert f"/audit/projects/{project.id}" in seat("auditor").get("/audit").text
    assert seat("dept.clerk").get(f"/audit/projects/{project.id}").status_code in (403, 404)


def test_findings_are_taken_away_as_the_page_lists_them(seat: Seats) -> None:
    answer = seat("auditor").get("/audit/findings.csv?stage=new")
    assert answer.status_code == 200 and "被问单位" in answer.content.decode("utf-8-sig")


def test_a_list_is_taken_away_as_it_was_narrowed(seat: Seats, one_office: Office) -> None:
    case, office = admitted(seat, one_office), seat("county.office")
    answer = office.get("/records/requests?state=approved&text=楼道")
    assert answer.status_code == 200, answer.text[-1500:]
    page = answer.text
    link = re.search(r'href="(/take-away\?[^"]+)"', page)
    assert link is not None
    path = unescape(link[1])
    asks = office.get(path).text
    assert "text" in asks and "CSV（UTF-8" in asks
    file = office.hand_in(path, form="csv")
    assert file.status_code == 200 and case.title in file.content.decode("utf-8-sig")
    none = office.hand_in("/take-away?resource=requests&state=rejected", form="csv")
    assert case.title not in none.content.decode("utf-8-sig")
    book = office.hand_in(path, form="xlsx")
    assert zipfile.is_zipfile(io.BytesIO(book.content))


def test_who_may_take_nothing_away_is_offered_nothing_and_gets_nothing(
    seat: Seats, one_office: Office
) -> None:
    admitted(seat, one_office)
    clerk = seat("community.worker")
    assert "/take-away" not in clerk.get("/records/presences").text
    answer = clerk.hand_in("/take-away?resource=presences", form="csv")
    assert answer.status_code in (403, 422) and "text/csv" not in answer.headers["content-type"]
