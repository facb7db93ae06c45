"""评价的办理入口 acts of rating, of the yearly review, and on what residents report."""

from registry.actions.evaluating import closing, replying, reporting, satisfying
from registry.actions.evaluating.codes import RoundView
from registry.api.acting import Act, bare, new, on
from registry.domain.evaluating import ResidentReport, Satisfaction

EVALUATING: tuple[Act, ...] = (
    Act(path="/satisfactions", act="satisfaction.record", zh="登记满意度（只登记人数）",
        en="Record satisfaction, as counts alone", make=new(satisfying.record),
        command=satisfying.SatisfactionCommand, answers=Satisfaction, module=satisfying,
        creates="satisfactions", versioned=False),
    Act(path="/code-rounds/{id}/close", act="code_round.close", zh="提前截止评价",
        en="End a round of codes before its last day", make=bare(closing.close), answers=RoundView,
        module=closing),
    Act(path="/resident-reports", act="resident_report.record",
        zh="登记居民反映（12345 工单、会议）", en="Record what residents report, from 12345 or a meeting",
        make=new(reporting.record), command=reporting.OrderCommand, answers=ResidentReport,
        module=reporting, creates="resident-reports", versioned=False),
    Act(path="/resident-reports/{id}/examine", act="resident_report.examine", zh="核实居民反映",
        en="Say whether it is as reported", make=on(replying.examine),
        command=replying.ExamineCommand, answers=ResidentReport, module=replying),
    Act(path="/resident-reports/{id}/answer", act="resident_report.answer", zh="答复居民反映",
        en="Answer a report", make=on(replying.answer), command=replying.ReplyCommand,
        answers=ResidentReport, module=replying),
)  # fmt: skip
