"""对照哨 one in so many live decisions is made again by Casbin's own enforcer, in the background.

A difference means that the index is wrong: it is logged as an error, counted, and kept until
``drain`` hands it to whoever opens a finding. Whoever asked is never kept waiting.
"""

import logging
import queue
import threading
from collections import OrderedDict
from datetime import date

from registry.domain.records import Wire
from registry.policies.judge import Judgement, Waived, decide, told
from registry.policies.measuring.facts import Rows
from registry.policies.overlay import Governing, Overlay

EVERY = 256
"""One live decision in so many is made again."""
_WAITING = 16
_OVERLAYS = 8
_log = logging.getLogger("registry.decider")


class Difference(Wire, frozen=True, kw_only=True):
    """判定差异: the two deciders do not agree on the same facts."""

    county: str
    pack_digest: str
    facts: list[dict[str, str]]
    governing: dict[str, date]
    indexed: list[str]
    """``outcome`` and the ids of the matching rules, as answered."""
    stock: list[str]


class _Question(Wire, frozen=True, kw_only=True):
    county: str
    overlay: Overlay
    rows: Rows
    dates: Governing
    waived: Waived
    answered: Judgement


class Sentinel:
    """对照哨. ``every`` = 0 stands down."""

    def __init__(self, every: int = EVERY) -> None:
        self.every = every
        self.checked = 0
        self.differed = 0
        self._asked = 0
        self._found: list[Difference] = []
        self._stock: OrderedDict[str, Overlay] = OrderedDict()
        self._lock = threading.Lock()
        self._waiting: queue.Queue[_Question] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None

    def watch(
        self, county: str, overlay: Overlay, question: tuple[Rows, Governing, Waived],
        answered: Judgement,
    ) -> None:  # fmt: skip
        """Take note of a live decision; every so many goes to the stock decider."""
        if not self.every or overlay.decider == "stock":
            return
        with self._lock:
            self._asked += 1
            if self._asked % self.every:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="decider", daemon=True)
                self._thread.start()
        rows, dates, waived = question
        try:
            self._waiting.put_nowait(_Question(
                county=county, overlay=overlay, rows=rows, dates=dates, waived=waived,
                answered=answered,
            ))  # fmt: skip
        except queue.Full:
            _log.info("a comparison is left out: %d already wait", _WAITING)

    def settle(self) -> None:
        """Wait until everything noted is compared."""
        self._waiting.join()

    def drain(self, county: str) -> list[Difference]:
        """The differences of a county found since it was last asked."""
        with self._lock:
            mine = [d for d in self._found if d.county == county]
            self._found = [d for d in self._found if d.county != county]
        return mine

    def _work(self) -> None:
        while True:
            question = self._waiting.get()
            try:
                self._compare(question)
            except Exception:  # noqa: BLE001 - a comparison that fails must not end the watch
                _log.exception("the stock decider could not be asked")
            finally:
                self._waiting.task_done()

    def _compare(self, question: _Question) -> None:
        right = decide(
            self._by_stock(question.overlay), question.rows, question.dates, question.waived
        )
        self.checked += 1
        if right == question.answered:
            return
        found = Difference(
            county=question.county, pack_digest=question.overlay.digest,
            facts=[told(vector) for _, vector in question.rows.vectors],
            governing={
                "applied": question.dates.applied, "decided": question.dates.decided,
                "entered": question.dates.entered,
            },
            indexed=_said(question.answered), stock=_said(right),
        )  # fmt: skip
        with self._lock:
            self.differed += 1
            self._found.append(found)
        _log.error(
            "the deciders differ, county %s, packs %s: indexed %s, stock %s",
            found.county, found.pack_digest, found.indexed, found.stock,
        )  # fmt: skip

    def _by_stock(self, overlay: Overlay) -> Overlay:
        """The same packs asked by Casbin's own enforcer; the last few are kept."""
        known = self._stock.get(overlay.digest)
        if known is None:
            known = self._stock[overlay.digest] = Overlay(overlay.packs, "stock")
            if len(self._stock) > _OVERLAYS:
                self._stock.popitem(last=False)
        return known


def _said(judgement: Judgement) -> list[str]:
    return [judgement.outcome.value, *(hit.rule for hit in judgement.rules)]
