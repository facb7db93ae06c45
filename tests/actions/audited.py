"""审计 builders: a finding of the demo community, a project that looks at it, one function a step."""

from datetime import date, timedelta
from typing import Any

import msgspec

from registry.actions.auditing import life, projects
from registry.actions.doubting import keeping
from registry.actions.doubting.catalogue import CATALOGUE
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Call, Desk
from registry.domain.audit import Finding
from registry.domain.auditing import AuditProject
from tests.actions.case import Hands

COMMUNITY = "o-990102001001"
STREET_PATH = "a-990102001000"
AUDIT, INSPECTION, CIVIL = "o-990102-audit", "o-990102-inspection", "o-990102-civil"
TODAY = date(2026, 3, 2)
KIND = CATALOGUE["spending.round_sum"]


def path_of(hand: Hands, body: str = COMMUNITY) -> str:
    def verb(desk: Desk) -> Answer:
        return Answer(body=desk.places.home(desk.places.organisation(body)).path)

    person = hand("auditor")
    call = Call(actor=person.actor, county=person.county, act="test")
    return str(person.office.ask(call, verb).body)


def doubted(hand: Hands, asked: str | None = COMMUNITY, id: str = "f-1") -> Finding:
    """A finding about money of the demo community."""
    path = path_of(hand)

    def verb(desk: Desk) -> Answer:
        seen = Seen(KIND, id, "exp-1", asked, path, {"amount_fen": 1})
        return Answer(body=keeping.tell(desk, seen))

    found: Finding = hand("auditor").do(verb)
    return found


def command(**changes: Any) -> projects.ProjectCommand:
    told: dict[str, Any] = {
        "number": "演审通〔2026〕1号", "title": "社区经费审计", "units": [COMMUNITY],
        "first_on": "2026-01-01", "last_on": "2026-12-31", "until": "2026-12-31",
    }  # fmt: skip
    return msgspec.convert({**told, **changes}, projects.ProjectCommand)


def opened(hand: Hands, by: str = "auditor", **changes: Any) -> AuditProject:
    view = hand(by).do(lambda d: projects.open_project(d, command(**changes)))
    found: AuditProject = view.project
    return found


def letter(hand: Hands, by: str = "county.head", **changes: Any) -> AuditProject:
    """A 调阅函 that lets the demo inspector in."""
    told: dict[str, Any] = {
        "number": "演巡函〔2026〕3号", "title": "巡察", "units": [COMMUNITY],
        "first_on": "2026-01-01", "last_on": "2026-12-31", "until": "2026-06-30",
        "organisation_id": INSPECTION, "topic": "admission",
        "members": [{"person_id": hand("inspector").actor.person_id}],
    }  # fmt: skip
    order = msgspec.convert({**told, **changes}, projects.LetterCommand)
    view = hand(by).do(lambda d: projects.open_inspection(d, order))
    found: AuditProject = view.project
    return found


def asked_about(
    hand: Hands, finding: Finding, project: AuditProject, due: date = TODAY + timedelta(days=10)
) -> Finding:
    order = life.VerifyCommand(project_id=project.id, text="请说明支出情况", due_on=due)
    return _moved(hand, "auditor", finding, (life.verify, order))


def answered(hand: Hands, finding: Finding, by: str = "community.head") -> Finding:
    return _moved(hand, by, finding, (life.answer, life.StepCommand(text="情况说明如下")))


def taken(hand: Hands, finding: Finding, step: Any, by: str = "auditor", **told: Any) -> Finding:
    """One step of the auditors, e.g. ``life.collect``."""
    form = {life.qualify: life.QualifyCommand, life.rectify: life.RectifyCommand}
    order = msgspec.convert({"text": "经核对", **told}, form.get(step, life.StepCommand))
    return _moved(hand, by, finding, (step, order))


def _moved(hand: Hands, by: str, finding: Finding, doing: tuple[Any, Any]) -> Finding:
    step, order = doing
    view = hand(by).do(lambda d: step(d, finding.id, finding.version, order))
    after: Finding = view.finding
    return after
