"""值守 what serving does for the log besides: it is signed at most ten seconds or a thousand entries
after what was entered, at once where nothing of it was ever signed, and each checkpoint is taken to
its witnesses.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from registry.actions.office import Office
from registry.actions.sealing import checkpointing, doubts, submitting
from registry.actions.sealing.submitting import Outcome, Submitted
from registry.domain.errors import Refusal
from registry.domain.sealing import Answered, Peer
from registry.gateways.circuit import Circuit
from registry.gateways.witness import HttpWitness, WitnessReply
from registry.store import checkpoints

AFTER_ENTRIES = 10**3
AFTER_SECONDS = 8
"""Since a log was first seen to have grown; with the second between two looks and the making of it,
within the ten that are promised (``CHECKPOINT_WITHIN``)."""
FAILURES, REST = 3, timedelta(minutes=1)
"""Failures of a line after which a witness is left alone, and for how long."""
_log = logging.getLogger("registry.sealing")


class Minder:
    """值守 of every county's log."""

    def __init__(self, office: Office, elapsed: Callable[[], float] = monotonic) -> None:
        self._office, self._elapsed = office, elapsed
        self._since: dict[str, float] = {}
        self._told: dict[str, str] = {}

    def look(self, *, last: bool = False) -> list[str]:
        """Sign the logs whose time has come, or at the ``last`` look all that have grown; returns
        their counties. What stands in the way of one is told once, and holds up no other."""
        done = []
        for county in self._due(last=last):
            try:
                checkpointing.seal(self._office, county)
            except Refusal as refusal:
                if self._told.get(county) != refusal.code:
                    self._told[county] = refusal.code
                    _log.error("checkpoint of %s: %s %s", county, refusal.code, refusal.detail_en)
                continue
            self._told.pop(county, None)
            self._since.pop(county, None)
            done.append(county)
        return done

    def _due(self, *, last: bool) -> list[str]:
        with self._office.store.settled() as connection:
            heads, sizes = checkpoints.heads(connection), checkpoints.sizes(connection)
        now, found = self._elapsed(), []
        for county, head in sorted(heads.items()):
            behind = max(head - sizes.get((county, tree), 0) for tree in self._office.trees)
            if not behind:
                self._since.pop(county, None)
                continue
            waited = now - self._since.setdefault(county, now)
            never = any((county, tree) not in sizes for tree in self._office.trees)
            if last or never or behind >= AFTER_ENTRIES or waited >= AFTER_SECONDS:
                found.append(county)
        return found


class Messenger:
    """送请人: takes checkpoints to witnesses over HTTP; one that does not answer is left alone."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._lines: dict[str, tuple[HttpWitness, Circuit]] = {}

    def round(
        self, stopping: Callable[[], bool] = lambda: False, *, only: str | None = None
    ) -> list[Submitted]:
        """One round over every county's witnesses, or over those of one alone. A log of which
        nothing can be shown holds up no other."""
        done: list[Submitted] = []
        with self._office.store.settled() as connection:
            counties = sorted({county for county, _ in checkpoints.sizes(connection)})
        for county in counties if only is None else [only]:
            if stopping():
                break
            try:
                done += submitting.submit(self._office, county, self._line)
            except Exception as error:  # noqa: BLE001 - told, and the next one is taken
                _log.exception("the checkpoint of %s could not be taken to its witnesses", county)
                down = type(error).__name__
                done.append(
                    Submitted(
                        county=county, tree="", size=0, witness="", outcome=Outcome.DOWN,
                        detail=down,
                    )
                )  # fmt: skip
        for one in done:
            if one.outcome in (Outcome.AHEAD, Outcome.FORKED, Outcome.REFUSED):
                _log.error("witness %s of %s %s: %s %s", one.witness, one.county, one.size,
                           one.outcome.value, one.detail)  # fmt: skip
        doubts.note(self._office, done)
        return done

    def close(self) -> None:
        """Let go of every line."""
        for line, _ in self._lines.values():
            line.close()

    def _line(self, peer: Peer) -> "_Minded | None":
        if not peer.url:
            return None
        if peer.url not in self._lines:
            self._lines[peer.url] = HttpWitness(peer.url), Circuit(FAILURES, REST)
        line, circuit = self._lines[peer.url]
        return (
            _Minded(self._office, line, circuit) if circuit.admits(self._office.clock()) else None
        )


class _Minded:
    """A line that tells its circuit breaker how it went."""

    def __init__(self, office: Office, line: HttpWitness, circuit: Circuit) -> None:
        self._office, self._line, self._circuit = office, line, circuit

    def add(self, request: bytes) -> WitnessReply:
        reply = self._line.add(request)
        self._circuit.note(self._office.clock(), down=reply.kind is Answered.DOWN)
        return reply
