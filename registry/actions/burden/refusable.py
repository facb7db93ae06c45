"""可否不予承接 whether a community may decline what it carries, from what stands on record.

The rules themselves are asked when it declines (``redress``); here is told what they will be asked.
"""

from typing import Literal

from registry.domain.existing import LegacyReview, Settlement, Standing
from registry.domain.presence import MOVES, Presence, PresenceState
from registry.domain.records import Wire
from registry.domain.redress import GROUND_ZH, Ground
from registry.policies.dictionary import code_zh

May = Literal["on_ground", "no", "judge_first"]
MAY_ZH: dict[May, str] = {
    "on_ground": "理由成立、规则给予拒绝权的，可以不予承接",
    "no": "不能不予承接；不合适的提出异议，或者先行承接、保留意见",
    "judge_first": "尚未研判清楚，请街道（乡镇）或者准入办先研判",
}
_BEFORE_START: tuple[Ground, ...] = ("unfunded", "off_list", "barred", "wrong_receiver")
_NEVER_ADMITTED: tuple[Ground, ...] = ("unadmitted", "off_list", "barred", "wrong_receiver")


class Declinable(Wire, frozen=True, kw_only=True):
    """可否不予承接."""

    may: May
    may_zh: str
    grounds: list[Ground] = []
    """理由 that can be stated; which of them is so, the rules say when it is stated."""
    grounds_zh: list[str] = []
    why: list[str]
    clauses: list[str] = []
    """Of the judging, where it was judged."""
    papers: list[str] = []
    """不予承接告知书 that stand about it, by number."""


def declinable(presence: Presence, review: LegacyReview | None, papers: list[str]) -> Declinable:
    """What stands on record of declining one matter.

    Args:
        review: of what was there before the registry, where it was judged.
        papers: numbers of the refusals that the community has issued and not taken back.
    """
    if presence.state is PresenceState.LEGACY:
        may, why = _of_old(review)
        grounds: tuple[Ground, ...] = _NEVER_ADMITTED
    else:
        may, why = _of_admitted(presence)
        grounds = _BEFORE_START
    grounds = grounds if may == "on_ground" else ()
    return Declinable(
        may=may, may_zh=MAY_ZH[may], grounds=list(grounds),
        grounds_zh=[GROUND_ZH[one] for one in grounds], why=why,
        clauses=review.clauses if review is not None else [], papers=papers,
    )  # fmt: skip


def _of_admitted(presence: Presence) -> tuple[May, list[str]]:
    if presence.statutory:
        return "no", ["法定协助事项照常办理，经费未到的列入应付未付"]
    if presence.state in MOVES["refuse"]:
        return "on_ground", ["已经准入，尚未启动"]
    return "no", ["已经准入并启动；应到的经费没有到的，可以暂停执行"]


def _of_old(review: LegacyReview | None) -> tuple[May, list[str]]:
    if review is None:
        return "judge_first", ["存量，尚未研判"]
    said = f"存量，研判为「{code_zh(review.standing)}」"
    if review.settlement is Settlement.KEPT:
        return "no", [f"已保留备案 {review.number}".rstrip(), *review.why]
    if review.request_id is not None:
        return "on_ground", [f"{said}，正在补办准入，批准前不是准入事项", *review.why]
    if review.standing is Standing.STANDS:
        return "no", [said, *review.why]
    if review.standing is Standing.ASK:
        return "judge_first", [said, *review.why]
    return "on_ground", [said, *review.why]
