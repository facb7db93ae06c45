"""存量办理入口 the acts on what was there before the registry: judged, then settled."""

from registry.actions.existing import judging, settling
from registry.api.acting import Act, on, told_to
from registry.domain.existing import LegacyReview

EXISTING: tuple[Act, ...] = (
    Act(path="/stocktakes/{id}/judge", act="existing.judge", zh="研判存量事项",
        en="Judge what a stocktake brought in", make=told_to(judging.judge),
        command=judging.JudgeCommand, answers=judging.Judged, module=judging, versioned=False),
    Act(path="/legacy-reviews/{id}/settle", act="existing.settle", zh="处置存量事项",
        en="Settle what was there: keep, admit, merge or clear", make=on(settling.settle),
        command=settling.SettleCommand, answers=LegacyReview, module=settling),
)  # fmt: skip
