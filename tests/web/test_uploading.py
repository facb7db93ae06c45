"""附件来处: a form that asks for papers offers those of its case, takes a file, or says why not."""

from collections.abc import Callable

from registry.actions.office import Office
from registry.domain.document import Document
from registry.domain.funds import Voucher
from registry.domain.presence import Presence
from registry.domain.request import Request
from tests.web.seated import Seat
from tests.web.test_case import COUNTY, admitted
from tests.web.test_voucher import page_of, typed

Seats = Callable[[str], Seat]
NAME = "document_id"


def hung(seat: Seat, case: Request, name: str) -> Document:
    """A paper on the case."""
    path = f"/attach/request/{case.id}"
    file = {"file": (name, name.encode(), "text/plain")}
    assert seat.post(path, seat.hidden(path) | {"_not_secret": "true"}, files=file).is_redirect
    return next(one for one in seat.office.store.reader.find(Document, COUNTY) if one.name == name)


def test_a_paper_that_hangs_on_the_case_is_picked_by_its_name(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    paper = hung(seat("dept.clerk"), case, "拨款依据.txt")
    path = page_of(case, "order")
    page = head.get(path).text
    assert f'type="radio" name="{NAME}" value="{paper.id}"' in page and "拨款依据.txt（" in page
    done = head.post(path, head.hidden(path) | typed("3,000.00", "3,000.00", **{NAME: paper.id}))
    assert done.status_code == 303
    held = one_office.store.reader.find(Voucher, COUNTY, stage="order")
    assert [one.document_id for one in held] == [paper.id]


def test_a_file_that_comes_along_beats_the_paper_that_was_picked(
    seat: Seats, one_office: Office
) -> None:
    case, head = admitted(seat, one_office), seat("dept.head")
    paper = hung(seat("dept.clerk"), case, "旧.txt")
    path = page_of(case, "order")
    said = typed("3,000.00", "3,000.00", _not_secret="true", **{NAME: paper.id})
    done = head.post(path, head.hidden(path) | said,
                     files={NAME: ("新.txt", "新".encode(), "text/plain")})  # fmt: skip
    assert done.status_code == 303
    (made,) = one_office.store.reader.find(Voucher, COUNTY, stage="order")
    named = one_office.store.reader.get(Document, COUNTY, made.document_id or "")
    assert named is not None and named.name == "新.txt"


def test_papers_of_rows_of_money_hang_on_the_case_of_the_row(
    seat: Seats, one_office: Office
) -> None:
    case, clerk = admitted(seat, one_office), seat("community.cashier")
    place = one_office.store.reader.find(Presence, COUNTY, request_id=case.id)[0]
    path = "/do/expenditure.record"
    row = {"lines.0.presence_id": place.id, "_rows.lines": "1", "_not_secret": "true"}
    page = clerk.get(path).text
    assert 'enctype="multipart/form-data"' in page
    told = clerk.post(path, clerk.hidden(path) | row,
                      files={"lines.0.evidence_ids": ("签到表.txt", b"12", "text/plain")})  # fmt: skip
    assert told.status_code == 422 and "签到表.txt（" in told.text
    (paper,) = one_office.store.reader.find(Document, COUNTY)
    assert (paper.parent_kind, paper.parent_id) == ("request", case.id)


def test_a_form_whose_record_is_not_there_yet_says_so_and_takes_no_file(seat: Seats) -> None:
    for who, act in (("county.office", "instrument.record"), ("dept.clerk", "request.draft")):
        page = seat(who).get(f"/do/{act}").text
        assert 'type="file"' not in page, act
    assert "再到它的页面上传、选用" in seat("county.office").get("/do/instrument.record").text
