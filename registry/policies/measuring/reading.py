"""所读 a digest of all that the facts of a filing are computed from, besides the filing itself.

Kept with every verdict. Where it is the same, the facts of the same filing are the same and need
not be computed again when many are judged anew; where it differs by anything, they are.
"""

import hashlib
from datetime import date
from typing import Any

import msgspec

from registry.domain.admission import COLUMNS
from registry.domain.calendar import Calendar
from registry.domain.catalogue import MatterList
from registry.policies.measuring.gauges import Gauges
from registry.policies.measuring.registered import instrument_rule, quotas, similar_rule
from registry.policies.overlay import Overlay
from registry.policies.standing import Lists

_encoder = msgspec.json.Encoder(order="deterministic")
_BYTES = 16
"""Of each digest: 128 bits."""
FORM = 1
"""Raised whenever the program computes a fact otherwise than before: nothing kept is used again."""


class Reading(msgspec.Struct, frozen=True):
    """所读: two digests, written ``text.count``."""

    text: str
    """Of lists, calendar and gauges on a day: what a filing is read against."""
    count: str
    """Of quotas and likeness: what a filing is counted against."""

    def __str__(self) -> str:
        return f"{self.text}.{self.count}"


def reading_of(overlay: Overlay, lists: Lists, measures: tuple[Calendar, Gauges], on: date) -> str:
    """The digest for one day: an item that begins or ends changes it, one that stands does not."""
    calendar, gauges = measures
    told = [
        FORM, COLUMNS, lists.index.tuning, calendar,
        [getattr(gauges, n) for n in gauges.__struct_fields__ if n != "modes"],
        [(table.pack, table.rows) for table in gauges.modes],
        [_standing(one, on) for _, one in sorted(lists.lists.items()) if one.in_force(on)],
    ]  # fmt: skip
    counted = [quotas(overlay, on), similar_rule(overlay), instrument_rule(overlay)]
    return str(Reading(_digest(told), _digest(counted)))


def _standing(one: MatterList, on: date) -> dict[str, Any]:
    """A list as it stands on a day, its version and its own dates left out."""
    items = [_undated(item) for item in one.items if item.in_force(on)]
    return {**_undated(one), "items": items}


def _undated(one: msgspec.Struct) -> dict[str, Any]:
    told = msgspec.structs.asdict(one)
    return {k: v for k, v in told.items() if k not in ("version", "valid_from", "valid_to")}


def _digest(value: object) -> str:
    return hashlib.blake2b(_encoder.encode(value), digest_size=_BYTES).hexdigest()
