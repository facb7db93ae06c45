"""将亡的服务 the registry served as ever, by a process that kills itself at one point of a payment.

    python tests/cli/dying.py POINT          serves; POINT is one of POINTS, or ``none``

The program knows nothing of this: what stands between its parts is wrapped from outside. Time goes
faster here, so that what is to be asked again later is asked again within the test.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from registry import app
from registry.actions.ledger import recording
from registry.actions.paying import carrying
from registry.cli import main

POINTS = (
    "recording: before the act", "recording: written, not committed",
    "recording: committed, not answered",
    "act 1: before", "act 1: written, not committed", "act 1: committed, nobody called",
    "asking: answered, not recorded", "paying: answered, not recorded",
    "act 2: before", "act 2: written, not committed", "act 2: committed",
)  # fmt: skip
SPEED = 30
BEGAN = "TESTS_BEGAN"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
POINT = sys.argv[1] if len(sys.argv) > 1 else "none"


def clock() -> datetime:
    """Noon of the tests, and SPEED times as long after it as was really waited."""
    return NOON + SPEED * timedelta(seconds=time.time() - float(os.environ[BEGAN]))


def at(point: str) -> None:
    """The end, without another word, where this is the point."""
    if point == POINT:
        os.kill(os.getpid(), signal.SIGKILL)


def between(before: str, step: Callable[..., Any], after: str) -> Callable[..., Any]:
    """A step, with the points that lie before and after it."""

    def passed(*args: Any, **given: Any) -> Any:
        at(before)
        made = step(*args, **given)
        at(after)
        return made

    return passed


class Dying:
    """A treasury's line that breaks off with the process, once the answer is there."""

    def __init__(self, line: Any) -> None:
        self._line, self.name, self.close = line, line.name, line.close
        self.pay = between("", line.pay, "paying: answered, not recorded")
        self.ask = between("", line.ask, "asking: answered, not recorded")
        self.call_back = line.call_back


def _opened(settings: Any, made: Callable[..., Any] = app.open_office) -> Any:
    office = made(settings)
    held = office.treasuries._served
    for county, served in held.items():
        held[county] = served._replace(treasury=Dying(served.treasury))
    perform, submit = office.perform, office.submit

    def performed(call: Any, verb: Any) -> Any:
        answer = perform(call, verb)
        if call.act == "payment.send":
            sending = getattr(answer.body, "next_at", None) is not None and _sending
            at("act 1: committed, nobody called" if sending else "act 2: committed")
        return answer

    def submitted(call: Any, verb: Any) -> Any:
        future = submit(call, verb)
        if call.act == "voucher.record":
            future.add_done_callback(lambda _: at("recording: committed, not answered"))
        return future

    office.perform, office.submit = performed, submitted
    return office


_sending = False


def _send(*args: Any, made: Callable[..., Any] = carrying.send, **given: Any) -> Any:
    global _sending  # noqa: PLW0603 - one thread carries payments
    _sending = True
    return between("act 1: before", made, "act 1: written, not committed")(*args, **given)


def _hear(*args: Any, made: Callable[..., Any] = carrying.hear, **given: Any) -> Any:
    global _sending  # noqa: PLW0603 - one thread carries payments
    _sending = False
    return between("act 2: before", made, "act 2: written, not committed")(*args, **given)


if __name__ == "__main__":
    app.wall_clock, app.CARRY_SECONDS = clock, 0.1
    carrying.send, carrying.hear = _send, _hear
    recording.queued = between(
        "recording: before the act", recording.queued, "recording: written, not committed"
    )
    serve = __import__("registry.cli.serve", fromlist=["open_office"])
    serve.open_office = _opened
    sys.exit(main(["serve"]))
