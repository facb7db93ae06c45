"""附件 on the pages of reorganisations, handovers and delegations: offered, hung, listed, opened."""

from tests.actions.case import Hands
from tests.actions.standing_in import CIVIL, lend
from tests.actions.test_handover import handed
from tests.web.test_admin import Seats, token_of


def test_a_signed_list_is_hung_on_its_handover_and_opened_from_its_page(
    seat: Seats, one_hand: Hands
) -> None:
    head, record = seat("dept.head"), handed(one_hand, to="person-dept.head")
    page = head.get(f"/records/handovers/{record.id}").text
    assert f'href="/attach/handover/{record.id}"' in page
    files = {"file": ("交接清单.pdf", b"%PDF-1.7 signed", "application/pdf")}
    told = {"_token": token_of(head), "_type": "authorisation", "_not_secret": "true"}
    answer = head.post(f"/attach/handover/{record.id}", told, files=files)
    assert answer.status_code == 303, answer.text
    hanging = head.get(f"/attach/handover/{record.id}").text
    assert "交接清单.pdf" in hanging and f'href="/records/handovers/{record.id}"' in hanging
    page = head.get(f"/records/handovers/{record.id}").text
    at = page.partition('href="/documents/')[2].partition('"')[0]
    assert head.get(f"/documents/{at}").content == b"%PDF-1.7 signed"
    assert seat("street.head").get(f"/documents/{at}").status_code == 404
    office = seat("auditor")
    read = office.get(f"/records/handovers/{record.id}").text
    assert "交接清单.pdf" in read and "/attach/handover" not in read


def test_a_letter_of_delegation_is_offered_to_who_lends_and_to_no_reader(
    seat: Seats, one_hand: Hands
) -> None:
    given = lend(one_hand, "dept.head", "dept.clerk", "request.submit", role="dept.head", of=CIVIL)
    path = f"/records/delegations/{given.id}"
    assert f'href="/attach/delegation/{given.id}"' in seat("dept.head").get(path).text
    assert "/attach/" not in seat("audit.admin").get(path).text
