"""不予办理 agreements, documents, packs, sign-in, storage: the refusals no other page raises."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.actions import agreeing, filing
from registry.actions.attaching import AttachCommand
from registry.actions.office import Office
from registry.actions.rules import publishing
from registry.actions.rules.publishing import ProposeCommand
from registry.actions.seeding import PACKS
from registry.actions.staff.accounts import SignInCommand, sign_in
from registry.clock import Source
from registry.domain.agreement import Agreement, SignCommand, TermsCommand
from registry.domain.document import DocumentType
from registry.domain.pack import PublishedPack
from registry.domain.request import Request
from registry.policies.loader import read_folder
from registry.store.migrate import migrate
from registry.store.store import Store
from registry.store.unit import Unit
from tests.actions import case
from tests.actions.case import Hands, admitted, drafted
from tests.actions.enacting import enacted
from tests.actions.refused import refused
from tests.conftest import Hand, MovingClock

# ---- agreements ----------------------------------------------------------------------------------


def terms(request: Request) -> TermsCommand:
    return TermsCommand(request_id=request.id, responsibility="县民政局负责", acceptance="抽查")


def offered(hand: Hands, request: Request) -> Agreement:
    made: Agreement = hand("dept.clerk").do(lambda d: agreeing.offer(d, terms(request)))
    return made


def test_nothing_is_agreed_before_it_is_admitted(one_hand: Hands) -> None:
    with refused("agreement.not_approved"):
        offered(one_hand, drafted(one_hand))


def test_a_request_has_one_agreement(one_hand: Hands) -> None:
    request = admitted(one_hand)
    offered(one_hand, request)
    with refused("agreement.exists"):
        offered(one_hand, request)


def test_the_text_is_not_changed_once_work_has_begun(one_hand: Hands) -> None:
    request = admitted(one_hand)
    case.funded(one_hand, case.agreed(one_hand, request), 300_000)
    case.started(one_hand, case.presence_of(one_hand, request))
    held = one_hand("auditor").office.store.reader.find(Agreement, "990102")[0]
    with refused("agreement.running"):
        one_hand("dept.clerk").do(
            lambda d: agreeing.amend(d, held.id, held.version, terms(request))
        )


def sign(hand: Hands, by: str, agreement: Agreement, **fields: Any) -> Any:
    command = SignCommand(**fields)
    return hand(by).do(lambda d: agreeing.sign(d, agreement.id, agreement.version, command))


def test_a_paper_signature_needs_its_scan_and_its_place(one_hand: Hands) -> None:
    agreement = offered(one_hand, admitted(one_hand))
    scan = case.scanned(one_hand, "dept.head", agreement)
    for fields in ({}, {"document_id": scan}, {"original_at": "档案室一号柜"}):
        with refused("signature.evidence"):
            sign(one_hand, "dept.head", agreement, **fields)


def test_a_scan_of_another_case_is_no_evidence(one_hand: Hands) -> None:
    agreement, other = offered(one_hand, admitted(one_hand)), offered(one_hand, admitted(one_hand))
    scan = case.scanned(one_hand, "dept.head", other)
    with refused("document.foreign"):
        sign(one_hand, "dept.head", agreement, document_id=scan, original_at="一号柜")


def test_no_electronic_seal_is_pretended(one_hand: Hands) -> None:
    agreement = offered(one_hand, admitted(one_hand))
    with refused("signature.no_gateway"):
        sign(one_hand, "dept.head", agreement, means="electronic_seal")


def test_a_side_signs_once(one_hand: Hands) -> None:
    agreement = offered(one_hand, admitted(one_hand))
    scan = case.scanned(one_hand, "dept.head", agreement)
    evidence = {"document_id": scan, "original_at": "档案室一号柜"}
    agreement = sign(one_hand, "dept.head", agreement, **evidence)
    with refused("signature.twice"):
        sign(one_hand, "dept.head", agreement, **evidence)


# ---- documents -----------------------------------------------------------------------------------


def upload(hand: Hands, content: bytes, **fields: Any) -> Any:
    request = drafted(hand)
    plain = {
        "parent_kind": "request", "parent_id": request.id, "type": DocumentType.BASIS,
        "name": "依据.txt", "not_secret": True,
    }  # fmt: skip
    return case.attached(hand, "dept.clerk", AttachCommand(**plain | fields), content)


def test_an_upload_is_confirmed_to_hold_no_secret(one_hand: Hands) -> None:
    with refused("document.unconfirmed"):
        upload(one_hand, "正文".encode(), not_secret=False)


@pytest.mark.parametrize(
    ("name", "content"), [("机密★10年 通知.pdf", b"%PDF-1.4"), ("通知.txt", "秘密★5年".encode())]
)
def test_a_mark_of_secrecy_in_name_or_text_stops_the_upload(
    one_hand: Hands, name: str, content: bytes
) -> None:
    with refused("document.secret"):
        upload(one_hand, content, name=name)


def test_an_empty_file_is_refused(one_hand: Hands) -> None:
    with refused("document.empty"):
        upload(one_hand, b"")


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"a\x00b", b"PK\x03\x04 no zip", b"\xff\xfe"])
def test_a_file_is_taken_by_what_it_is_and_not_by_its_name(one_hand: Hands, content: bytes) -> None:
    with refused("document.type"):
        upload(one_hand, content, name="依据.pdf")


# ---- packs and flows -----------------------------------------------------------------------------


def _demo_files() -> dict[str, str]:
    return read_folder(PACKS / "demo-county")


def propose(hand: Hands, files: dict[str, str]) -> Any:
    command = ProposeCommand(files=files)
    return hand("county.office").do(lambda d: publishing.propose(d, command))


def test_a_broken_pack_is_refused_naming_the_place(one_hand: Hands) -> None:
    files = _demo_files()
    files["rules.csv"] = files["rules.csv"].replace("deny,refused,DM-R4\n", "Deny,refused,DM-R4\n")
    with refused("pack.broken") as info:
        propose(one_hand, files)
    assert info.value.facts["file"] == "rules.csv" and info.value.facts["line"] == 4


def test_a_pack_of_another_jurisdiction_is_refused(one_hand: Hands) -> None:
    files = _demo_files()
    files["pack.toml"] = files["pack.toml"].replace('"990102"', '"990103"', 1)
    with refused("pack.jurisdiction"):
        propose(one_hand, files)


def test_a_published_pack_is_not_proposed_anew_nor_published_twice(one_hand: Hands) -> None:
    with refused("pack.published"):
        propose(one_hand, _demo_files())
    person = one_hand("county.head")
    held = person.office.store.reader.get(PublishedPack, "990102", "demo-county")
    assert held is not None
    with refused("pack.published"):
        person.do(lambda d: publishing.publish(d, held.id, held.version))


def test_without_any_published_pack_nothing_is_judged(tmp_path: Path, clock: MovingClock) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    migrate(url)
    store = Store(url, url, tmp_path)
    try:
        with refused("pack.none"):
            Office(store, clock, Source(3)).rulebooks.of("990102", date(2026, 3, 2))
    finally:
        store.close()


PACK = """\
[pack]
id = "demo-county-later"
jurisdiction = "990102"
level = "county"
name = "演示县后来的规则(演示数据)"
name_en = "A later pack of the demo county (demo data)"
instrument = "演示县后来的办法（虚构）"
grade = "fictional"
effective_from = 2026-03-02
fixture = true
fictional = true
default = "admission"

[bodies.nobody]
name = "没有的单位(演示)"
function = "nobody"
family = "county"

[[flow]]
id = "way"
name = "办理"
[[flow.step]]
key = "decide"
name = "决定"
act = "decide"
bodies = ["BODY"]

[[rule]]
id = "OC"
clause = "第一条（虚构）"
grade = "configured"
sentence = "……"
sentence_en = "…"
"""
ROUTES = "# p,kind,applicant,level,outcome,spread,receiver,eft,flow\np,ONLY,*,*,*,*,*,allow,way\n"


def _later_pack(office: Office, body: str, kind: str) -> None:
    """A later pack without parent or numbering; its one flow is for ``kind`` and ``body``."""
    table = (PACKS / "demo-county" / "rules.csv").read_text("utf-8").splitlines()
    line = next(ln for ln in table if ln.endswith("DM-R4")).replace("DM-R4", "OC")
    files = {"pack.toml": PACK.replace("BODY", body), "rules.csv": f"{table[0]}\n{line}\n",
             "routes.csv": ROUTES.replace("ONLY", kind)}  # fmt: skip
    enacted(office, files)


def test_a_request_that_no_route_fits_is_refused(one_office: Office, one_hand: Hands) -> None:
    _later_pack(one_office, "street", "app")
    with refused("flow.none"):
        case.submitted(one_hand, drafted(one_hand))


def test_a_step_that_nobody_can_take_is_refused_by_name(
    one_office: Office, one_hand: Hands
) -> None:
    _later_pack(one_office, "nobody", "task")
    with refused("flow.body_missing") as info:
        case.submitted(one_hand, drafted(one_hand))
    assert info.value.facts["step"] == "决定"


def test_where_no_pack_gives_a_number_no_decision_is_issued(
    one_office: Office, one_hand: Hands
) -> None:
    _later_pack(one_office, "street", "task")
    request = case.accepted(one_hand, case.submitted(one_hand, drafted(one_hand)))
    with refused("numbering.none"):
        case.approved(one_hand, request)


# ---- signing in, storage -------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(one_office: Office) -> None:
    for name in ("dept.clerk", "nobody.at.all"):
        with refused("sign_in.failed"):
            sign_in(one_office, SignInCommand(username=name, password="not this one"))


def test_after_ten_failures_within_the_hour_an_account_must_wait(one_office: Office) -> None:
    command = SignInCommand(username="dept.clerk", password="not this one")
    for _ in range(10):
        with refused("sign_in.failed"):
            sign_in(one_office, command)
    with refused("sign_in.too_many"):
        sign_in(one_office, command)


def test_storage_that_fails_says_try_again_and_works_again(one_office: Office) -> None:
    def broken(unit: Unit) -> None:
        unit.connection.exec_driver_sql("SELECT * FROM no_such_table")

    with refused("storage.unavailable"):
        one_office.store.writer.submit("990102", broken).result()
    hand = Hand(one_office, "dept.clerk")
    command = filing.DraftCommand(filing=case.filing_of())
    assert hand.do(lambda d: filing.draft(d, command)).request.version == 1


def test_a_document_named_by_a_draft_hangs_on_that_draft(one_hand: Hands) -> None:
    with refused("document.foreign"):
        drafted(one_hand, documents=["doc-none"])
