"""试办 whether an act would go on, asked without doing it."""

from collections.abc import Callable
from typing import Any

from registry.actions.office import Call, Desk, Office
from registry.domain.errors import Refusal
from registry.domain.records import Record
from registry.store.unit import Unit

Try = Callable[[Desk, Any], object]
"""An act on a record, as far as its version."""


class _Passed(Exception):  # noqa: N818 - no error: the act would go on
    """The act came as far as the version: the person may do it."""


class Trial(Desk):
    """An act that is only asked whether it would go on."""

    def check_version(self, record: Record, version: int | None) -> None:
        raise _Passed


def tried(desk: Trial, do: Try, record: Record) -> Refusal | None:
    """Why an act would not go on; ``None`` = it would."""
    try:
        do(desk, record)
    except _Passed:
        return None
    except Refusal as refusal:
        return refusal
    return None


def hindered(office: Office, call: Call, do: Try, record: Record) -> Refusal | None:
    """The same for one record by itself, as the person may hear it."""
    with office.store.reader.connect() as connection:
        # Nothing is recorded: no row need be held against others.
        desk = Trial(office, Unit(connection, call.county, firm=False, alone=True), call)
        refusal = tried(desk, do, record)
        return refusal and desk.told(refusal)
