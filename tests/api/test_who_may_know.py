"""谁可以知道: whoever may not read a record hears of none, whoever may read it hears why not."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from litestar.testing import TestClient

from registry.actions import agreeing
from registry.actions.between import phrases
from registry.actions.ledger import recording
from registry.actions.office import Answer, Office
from registry.actions.seeing import SHARED
from registry.actions.staff.accounts import issue_token
from registry.api import samples
from registry.api.acting import Act
from registry.api.acts import ACTS
from registry.app import create_app
from registry.clock import Source
from registry.domain.afterwards import MoneyEffect, Review, ReviewState, Revocation, RevocationState
from registry.domain.agreement import TermsCommand
from registry.domain.approval import Decision
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject, FindingStage, IssuedDocument
from registry.domain.conference import Conference
from registry.domain.delegation import Absence, Delegation, DelegationKind
from registry.domain.instrument import Instrument
from registry.domain.movement import Movement, MovementKind
from registry.domain.notice import Notice, NoticeKind
from registry.domain.pack import PublishedPack
from registry.domain.records import Record
from registry.domain.vouching import SigningKey
from registry.domain.waiver import Waiver
from registry.store.store import Store
from tests.actions import case, editing, excepting
from tests.api.lived import rows, source
from tests.conftest import Hand, MovingClock
from tests.joined import settings_for

API, COUNTY = "/api/v1", "990102"
OBJECT_ACTS = [act for act in ACTS if "{id}" in act.path]
READER, STRANGER = "auditor", "dept2.clerk"
READERS = {"phrases": "street.clerk", "presences": "community.cashier",
           "audit-projects": "county.head", "findings": "dept.clerk"}  # fmt: skip
"""Who reads a resource and may do nothing with it, where the auditor is not the one."""
MAY = {
    "complaint.disclose": "who reads it may ask who complained, and the log tells that they did",
    "issued_document.classify": "who reads the list of documents may say of one what it is",
}


class Held(NamedTuple):
    """The door, and one record behind each resource of the acts."""

    client: TestClient[Any]
    office: Office
    records: dict[str, Record]

    def who(self, username: str) -> dict[str, str]:
        person = self.office.store.reader.person_named(username)
        assert person is not None
        return {"authorization": f"Bearer {issue_token(self.office, person).token}"}

    def get(self, who: str, resource: str) -> Any:
        name = {"copies": "movements"}.get(resource, resource)
        path = f"{API}/{name}/{self.records[resource].id}"
        return self.client.get(path, headers=self.who(who))

    def act(self, who: str, act: Act, *, seen: bool = True) -> Any:
        record = self.records[act.path.split("/")[1]]
        headers = {**self.who(who), "idempotency-key": f"{act.act}-{who}-{seen}"}
        if seen:
            headers["if-match"] = f'"{record.version}"'
        return self.client.request(
            act.method, API + act.path.replace("{id}", record.id), headers=headers,
            json=samples.commands().get(act.act, {}),
        )  # fmt: skip


@pytest.fixture(scope="module")
def held(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("known")
    shutil.copy(sqlite_template, folder / "registry.db")
    url = f"sqlite:///{folder / 'registry.db'}"
    store = Store(url, url, folder)
    office = Office(store, MovingClock(), Source(11))
    app = create_app(office, settings_for(folder), owns=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Held(client, office, _records(office))
    store.close()


def _records(office: Office) -> dict[str, Record]:
    """A case in the first street, decided, with what may hang on it; another before its street."""

    def hand(username: str) -> Hand:
        return Hand(office, username)

    done = case.admitted(hand)
    presence = case.presence_of(hand, done)
    terms = TermsCommand(request_id=done.id, responsibility="演示责任", acceptance="抽查")
    order = case.voucher(presence, "order", "令演1", 1000)
    waiting = case.accepted(hand, case.submitted(hand, case.drafted(hand)))
    wording = phrases.PhraseCommand(organisation_id="o-990102001", text="同意", shared=True)
    found: dict[str, Record] = {
        "requests": waiting, "tasks": case.open_tasks(hand, "street.clerk", waiting)[0],
        "presences": presence,
        "agreements": hand("dept.clerk").do(lambda d: agreeing.offer(d, terms)),
        "vouchers": hand("dept.head").do(lambda d: recording.record(d, order)).voucher,
        "phrases": hand("street.head").do(lambda d: phrases.keep(d, wording)),
        "decisions": office.store.reader.find(Decision, COUNTY, request_id=done.id)[0],
        "packs": office.store.reader.find(PublishedPack, COUNTY)[0],
    }  # fmt: skip
    someone = office.store.reader.person_named("dept.head")
    assert someone is not None
    found["people"] = someone
    text = editing.widened(office)
    found["list-editions"] = editing.proposed(hand, text, date(2026, 4, 1))
    waiver = excepting.proposed(hand)
    kept = office.store.reader.get(Waiver, COUNTY, waiver.id)
    assert kept is not None
    found["exceptions"] = kept
    told = source(presence)
    hand("county.head").do(lambda d: Answer(body=d.unit.add(told)))
    made = {**_rows(done.id, found["decisions"].id), **rows(presence)}
    for name, row in made.items():
        found[name] = hand("county.head").do(lambda d, r=row: Answer(body=d.unit.add(r)))
    return found


def _rows(request: str, decision: str) -> dict[str, Record]:
    """Rows whose making is tried elsewhere."""
    day, at = date(2026, 3, 2), datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    street = {"county": COUNTY, "organisation_id": "o-990102001"}
    about = {**street, "request_id": request, "decision_id": decision}
    head, clerk = "person-street.head", "person-street.clerk"
    return {
        "copies": Movement(
            **street, id="mov-x", request_id=request, kind=MovementKind.COPY, person_id=clerk,
            to_organisation_id="o-990102-finance", at=at,
        ),
        "delegations": Delegation(
            **street, id="dlg-x", kind=DelegationKind.DELEGATION, from_person_id=head,
            to_person_id=clerk, role="street.head", acts=["request.approve"], valid_from=day,
            valid_to=day, given_by=head, given_at=at,
        ),
        "absences": Absence(**street, id="abs-x", person_id=head, valid_from=day, valid_to=day,
                            recorded_by=head),
        "revocations": Revocation(
            **about, id="rvc-x", state=RevocationState.PROPOSED, reason="演示", proposed_by=head,
            money_effect=MoneyEffect.STOP, proposed_on=day,
        ),
        "reviews": Review(
            **about, id="rvw-x", applicant_id="o-990102-civil", state=ReviewState.FILED,
            reason="演示", asked_by="person-dept.head", filed_on=day,
        ),
        "notices": Notice(county=COUNTY, id="ntc-x", person_id=head, kind=NoticeKind.URGED,
                          text="演示", text_en="demo", made_on=day, made_at=at),
        "conferences": Conference(
            county=COUNTY, id="cnf-x", organisation_id="o-990102-conference", title="演示会议",
            held_on=day, members=[], agenda=[], called_by="person-conference.head", seated="",
        ),
        "audit-projects": AuditProject(
            county=COUNTY, id="aup-x", number="演审〔2026〕1号", title="演示审计",
            organisation_id="o-990102-audit", units=["o-990102-civil"], first_on=day, last_on=day,
            until=day,
        ),
        "findings": Finding(
            county=COUNTY, id="fnd-x", code="funds.late", object_kind="request", object_id=request,
            organisation_id="o-990102-civil", opened_on=day, detail="演示",
            stage=FindingStage.VERIFYING, project_id="aup-x",
        ),
        "issued-documents": IssuedDocument(
            county=COUNTY, id="isd-x", number="演〔2026〕2号", title="演示", issuer_name="演示",
            issued_on=day, sent_to="演示",
        ),
        "signing-keys": SigningKey(county=COUNTY, id="k0123abcd", public="A" * 43, made_at=at),
        "instruments": Instrument(county=COUNTY, id="ins-x", title="演示", issuer="演示",
                                  document_number="演〔2026〕1号", issued_on=day,
                                  effective_on=day),
    }  # fmt: skip


def _by_path(act: Act) -> str:
    return act.path.replace("/", " ").strip()


def test_every_resource_that_is_acted_on_is_tried(held: Held) -> None:
    assert {act.path.split("/")[1] for act in OBJECT_ACTS} == set(held.records)


@pytest.mark.parametrize("act", OBJECT_ACTS, ids=_by_path)
def test_who_may_not_read_a_record_hears_of_none_whatever_they_try(held: Held, act: Act) -> None:
    if act.concerns in SHARED:
        pytest.skip("everybody reads it")
    assert held.get(STRANGER, act.path.split("/")[1]).status_code in (403, 404)
    for seen in (True, False):
        told = held.act(STRANGER, act, seen=seen)
        assert (told.status_code, told.json()["code"]) == (404, "access.hidden")
        assert set(told.json()["facts"]) == set()


@pytest.mark.parametrize("act", OBJECT_ACTS, ids=_by_path)
def test_who_may_read_but_not_act_hears_which_act_is_not_theirs(held: Held, act: Act) -> None:
    resource = act.path.split("/")[1]
    if resource == "notices":
        pytest.skip("only its owner reads it, and may mark it")
    if act.act in MAY:
        pytest.skip(MAY[act.act])
    reader = READERS.get(resource, READER)
    assert held.get(reader, resource).status_code == 200
    told = held.act(reader, act)
    assert (told.status_code, told.json()["code"]) == (403, "access.forbidden"), told.text
    assert told.json()["facts"]["act_zh"]
