"""先行承接、保留意见 the work goes on and the opinion stays on record (P10)."""

from registry.actions.office import Answer, Desk
from registry.actions.redress.objecting import Clauses
from registry.actions.redress.subjects import AboutCommand, Words, subject_of, told_of
from registry.domain.redress import Reservation


class ReserveCommand(AboutCommand, frozen=True, kw_only=True):
    """先行承接、保留意见."""

    text: Words
    clauses: Clauses = []


def reserve(desk: Desk, command: ReserveCommand) -> Answer:
    """先行承接、保留意见: by the community, or entered by the street; it holds nothing up, and
    department and street are told."""
    subject, _ = subject_of(desk, command, "reservation.make")
    made = desk.unit.add(
        Reservation(
            county=desk.unit.county, id=desk.id("rsv"), presence_id=subject.presence_id,
            request_id=subject.request_id, subject=subject.title,
            organisation_id=subject.community.id, area_path=subject.area.path,
            department_id=subject.department_id, text=command.text, clauses=command.clauses,
            made_on=desk.today, person_id=desk.actor.person_id,
            recorded_by=desk.actor.person_id if subject.recorded else None,
        )
    )  # fmt: skip
    said = (f"{subject.community.name}先行承接、保留意见", "Carried on under reserve")
    told_of(desk, subject, said, made)
    desk.about(made)
    return Answer(body=made, version=made.version)
