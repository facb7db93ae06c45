"""牌子与机构的办理入口 acts on what hangs and sits in a community: told, corrected, judged, cleared."""

from registry.actions.walls import attesting, hanging, ordering, recording
from registry.api.acting import Act, bare, new, on
from registry.domain.walls import Board, Bureau, CleanupOrder

WALLS: tuple[Act, ...] = (
    Act(path="/boards", act="board.record", zh="登记牌子", en="Record a board that hangs",
        make=new(recording.record_board), command=recording.BoardCommand, answers=Board,
        module=recording, creates="boards", versioned=False),
    Act(path="/boards/{id}", act="board.correct", zh="更正牌子登记", en="Correct a board",
        method="PUT", make=on(recording.correct_board), command=recording.BoardFields,
        answers=Board, module=recording),
    Act(path="/boards/{id}/judge", act="board.judge", zh="重新研判牌子",
        en="Judge a board by the rules of today", make=bare(recording.judge_board),
        answers=Board, module=recording),
    Act(path="/boards/{id}/attest", act="board.attest", zh="核实牌子是否清除",
        en="Attest whether a board is gone", make=on(attesting.attest_board),
        command=attesting.AttestCommand, answers=Board, module=attesting),
    Act(path="/bureaus", act="bureau.record", zh="登记工作机构",
        en="Record an office set up in a community", make=new(recording.record_bureau),
        command=recording.BureauCommand, answers=Bureau, module=recording, creates="bureaus",
        versioned=False),
    Act(path="/bureaus/{id}", act="bureau.correct", zh="更正工作机构登记",
        en="Correct an office", method="PUT", make=on(recording.correct_bureau),
        command=recording.BureauFields, answers=Bureau, module=recording),
    Act(path="/bureaus/{id}/judge", act="bureau.judge", zh="重新研判工作机构",
        en="Judge an office by the rules of today", make=bare(recording.judge_bureau),
        answers=Bureau, module=recording),
    Act(path="/bureaus/{id}/attest", act="bureau.attest", zh="核实工作机构是否撤销",
        en="Attest whether an office is gone", make=on(attesting.attest_bureau),
        command=attesting.AttestCommand, answers=Bureau, module=attesting),
    Act(path="/presences/{id}/hang", act="presence.hang", zh="挂出准入的牌子",
        en="Tell how the admitted board hangs", make=on(hanging.hang),
        command=hanging.HangCommand, answers=Board, module=hanging),
    Act(path="/cleanup-orders", act="cleanup.order", zh="下达牌子清理通知单",
        en="Order boards and offices down", make=new(ordering.order),
        command=ordering.OrderCommand, answers=CleanupOrder, module=ordering,
        creates="cleanup-orders", versioned=False),
    Act(path="/cleanup-orders/{id}/cancel", act="cleanup.cancel", zh="取消牌子清理通知单",
        en="Cancel an order", make=on(ordering.cancel), command=ordering.CancelCommand,
        answers=CleanupOrder, module=ordering),
)  # fmt: skip
