"""再评估 what is live, judged anew when rules, lists or instruments change; history: the versions."""

from datetime import date

from registry.domain.records import Record
from registry.domain.vocabulary import Outcome


class Reevaluation(Record, frozen=True, kw_only=True):
    """再评估: the present answer on one live request or presence."""

    object_kind: str
    object_id: str
    request_id: str
    organisation_id: str
    """Applicant."""
    area_path: str
    outcome: Outcome
    was: Outcome
    """The outcome it was admitted or filed under."""
    stands: bool
    """Whether it could still be where it is under the rules as they are."""
    holds_until: date | None = None
    """Last day the answer is good for: an exception or list item it rests on ends then."""
    rules: list[str] = []
    deciding: list[str] = []
    waivers: list[str] = []
    pack_digest: str
    judged_on: date
    run_id: str
