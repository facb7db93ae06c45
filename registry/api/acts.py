"""办理入口 every act that changes something, as one table: path → action, command, answer.

The table makes the routes and the OpenAPI document alike; a new act is one line here.
"""

from typing import Any

from registry.actions import (
    agreeing,
    approving,
    explaining,
    filing,
    judging,
    notices,
    presences,
    submitting,
)
from registry.actions.between import reflowing
from registry.actions.conference import casting, concluding, conferring
from registry.actions.explaining import Explanation
from registry.actions.office import Call, Office, Verb
from registry.actions.rejudging import reconsidering, running
from registry.actions.rules import exceptions, instruments, packs, publishing
from registry.actions.rules.packs import PackView
from registry.actions.succession import handing_over, planning, reorganising, successors
from registry.actions.views import RequestView
from registry.api.acting import Act, Make, bare, new, on, plain, plainly
from registry.api.acts_accounts import ACCOUNTS
from registry.api.acts_after import AFTER
from registry.api.acts_auditing import AUDITING
from registry.api.acts_between import BETWEEN
from registry.api.acts_budget import BUDGET
from registry.api.acts_certifying import CERTIFYING
from registry.api.acts_evaluating import EVALUATING
from registry.api.acts_existing import EXISTING
from registry.api.acts_keys import KEYS
from registry.api.acts_ledger import LEDGER
from registry.api.acts_lists import LISTS, TRY_LIST
from registry.api.acts_living import LIVING
from registry.api.acts_owing import OWING
from registry.api.acts_papers import PAPERS
from registry.api.acts_paying import PAYING
from registry.api.acts_posting import POSTING
from registry.api.acts_posts import POSTS
from registry.api.acts_purchasing import PURCHASING
from registry.api.acts_reconciling import RECONCILING
from registry.api.acts_redress import REDRESS
from registry.api.acts_spending import SPENDING
from registry.api.acts_telephone import TELEPHONE
from registry.api.acts_walls import WALLS
from registry.api.acts_yearly import YEARLY
from registry.api.acts_years import REHEARSE, YEARS
from registry.api.asked import Asked
from registry.domain.admission import Verdict
from registry.domain.agreement import Agreement, SignCommand, TermsCommand
from registry.domain.approval import Task
from registry.domain.conference import Conference, ConferenceVote
from registry.domain.filing import Filing
from registry.domain.instrument import Instrument, InstrumentCommand
from registry.domain.notice import Notice
from registry.domain.pack import PackRun, RunKind
from registry.domain.presence import Presence, Receipt
from registry.domain.succession import Handover, Reorganisation, ReorganisationPlan


def _request(word: str, zh: str, en: str, make: Make, **more: Any) -> Act:
    return Act(
        path=f"/requests/{{id}}/{word}", act=f"request.{word.replace('-', '_')}", zh=zh, en=en,
        make=make, answers=RequestView, **{"module": approving, **more},
    )  # fmt: skip


def _examine(word: str, zh: str, en: str) -> Act:
    """Work that takes time is done before the act, which then only records what came of it."""
    kind = RunKind(word)

    def ahead(office: Office, call: Call, id: str, _command: Any) -> packs.Examined:
        return packs.examine(office, call, id, kind)

    def make(asked: Asked, examined: Any) -> Verb:
        id = asked.id
        return lambda desk: packs.record(desk, id, examined)

    return Act(path=f"/packs/{{id}}/{word}", act=f"pack.{word}", zh=zh, en=en, make=make,
               answers=PackRun, module=packs, versioned=False, ahead=ahead)  # fmt: skip


ACTS: tuple[Act, ...] = (
    Act(path="/requests", act="request.draft", zh="起草申请", en="Draft a request",
        make=new(filing.draft), command=filing.DraftCommand, answers=RequestView, module=filing,
        creates="requests", versioned=False),
    Act(path="/requests/{id}", act="request.edit", zh="修改申请", en="Edit a draft", method="PUT",
        make=on(filing.edit), command=Filing, answers=RequestView, module=filing),
    _request("submit", "签发并提交申请", "Sign and submit a request", on(submitting.submit),
             command=submitting.SubmitCommand, module=submitting),
    _request("withdraw", "撤回申请", "Withdraw a request", bare(filing.withdraw), module=filing),
    _request("accept", "受理", "Accept for consideration", bare(approving.accept)),
    _request("return", "退回补正", "Return for supplementing", on(approving.send_back),
             command=approving.ReturnCommand),
    _request("approve", "准予准入", "Approve", on(approving.approve),
             command=approving.DecideCommand),
    _request("reject", "不予准入", "Reject", on(approving.reject),
             command=approving.DecideCommand),
    _request("not-accept", "不予受理", "Decline to accept", on(approving.not_accept),
             command=approving.DecideCommand),
    _request("terminate", "终止办理", "Terminate", on(approving.terminate),
             command=approving.DecideCommand),
    _request("close", "归档", "Close", bare(approving.close)),
    _request("reflow", "改用现行流程", "Move to the flow in force", on(reflowing.reflow),
             command=reflowing.ReflowCommand, module=reflowing),
    Act(path="/tasks/{id}/opine", act="task.opine", zh="提出意见", en="Give an opinion",
        make=on(approving.opine), command=approving.OpinionCommand, answers=RequestView,
        module=approving),
    Act(path="/tasks/{id}/reconsider", act="task.reconsider", zh="重新审视",
        en="Say what becomes of a matter that no longer stands", make=on(reconsidering.reconsider),
        command=approving.OpinionCommand, answers=Task, module=reconsidering),
    Act(path="/agreements", act="agreement.offer", zh="提出协议文本", en="Offer an agreement",
        make=new(agreeing.offer), command=TermsCommand, answers=Agreement, module=agreeing,
        creates="agreements", names=("request_id",), versioned=False),
    Act(path="/agreements/{id}", act="agreement.amend", zh="修改协议文本", en="Amend an agreement",
        method="PUT", make=on(agreeing.amend), command=TermsCommand, answers=Agreement,
        module=agreeing),
    Act(path="/agreements/{id}/sign", act="agreement.sign", zh="登记签署", en="Record a signature",
        make=on(agreeing.sign), command=SignCommand, answers=Agreement, module=agreeing),
    Act(path="/presences/{id}/start", act="presence.start", zh="启动", en="Start work",
        make=bare(presences.start), answers=Presence, module=presences),
    Act(path="/presences/{id}/receive", act="presence.receive", zh="保障条件交接登记",
        en="Record a hand-over", make=on(presences.receive), command=presences.ReceiptCommand,
        answers=Receipt, module=presences),
    Act(path="/packs", act="pack.propose", zh="提出规则包", en="Propose a rule pack",
        make=new(publishing.propose), command=publishing.ProposeCommand, answers=PackView,
        module=publishing, creates="packs", versioned=False),
    _examine("check", "检查规则包", "Check a rule pack"),
    _examine("test", "运行规则包用例", "Run a pack's cases"),
    Act(path="/packs/{id}/simulate", act="pack.simulate", zh="试算规则包", en="Simulate a rule pack",
        make=plainly(running.begin), answers=PackRun, module=running, versioned=False,
        after=running.start),
    Act(path="/packs/{id}/publish", act="pack.publish", zh="发布规则包", en="Publish a rule pack",
        make=on(publishing.publish), command=publishing.PublishCommand, answers=PackView,
        module=publishing),
    Act(path="/exceptions", act="exception.propose", zh="提出例外", en="Propose an exception",
        make=new(exceptions.propose), command=exceptions.ExceptionCommand,
        answers=exceptions.ExceptionView, module=exceptions, creates="exceptions",
        versioned=False),
    Act(path="/exceptions/{id}/grant", act="exception.grant", zh="批准例外", en="Grant an exception",
        make=on(exceptions.grant), command=exceptions.GrantCommand,
        answers=exceptions.ExceptionView, module=exceptions),
    Act(path="/exceptions/{id}/end", act="exception.end", zh="终止例外", en="End an exception",
        make=on(exceptions.end), command=exceptions.EndCommand,
        answers=exceptions.ExceptionView, module=exceptions),
    Act(path="/conferences", act="conference.call", zh="召集联席会议", en="Call a conference",
        make=new(conferring.call), command=conferring.ConferenceCommand, answers=Conference,
        module=conferring, creates="conferences", versioned=False),
    Act(path="/conferences/{id}", act="conference.amend", zh="变更会议", en="Change a conference",
        method="PUT", make=on(conferring.amend), command=conferring.ConferenceCommand,
        answers=Conference, module=conferring),
    Act(path="/conferences/{id}/vote", act="conference.vote", zh="会议表决",
        en="Vote in a conference", make=on(casting.vote), command=casting.VoteCommand,
        answers=ConferenceVote, module=casting),
    Act(path="/conferences/{id}/close", act="conference.close", zh="会议结束",
        en="Close a conference with its minutes", make=on(concluding.close),
        command=concluding.CloseCommand, answers=Conference, module=concluding),
    Act(path="/conferences/{id}/cancel", act="conference.cancel", zh="取消会议",
        en="Call off a conference", make=on(conferring.cancel),
        command=conferring.CancelCommand, answers=Conference, module=conferring),
    Act(path="/notices/{id}/read", act="notice.read", zh="标为已读", en="Mark a notice as read",
        make=bare(notices.read), answers=Notice, module=notices),
    Act(path="/notices/read-all", act="notice.read_all", zh="全部标为已读",
        en="Mark every notice as read", make=plain(notices.read_all), answers=notices.Marked,
        module=notices, versioned=False),
    Act(path="/instruments", act="instrument.record", zh="登记文件", en="Register an instrument",
        make=new(instruments.record), command=InstrumentCommand, answers=Instrument,
        module=instruments, creates="instruments", versioned=False),
    Act(path="/instruments/{id}", act="instrument.amend", zh="更正文件登记",
        en="Correct the register of instruments", method="PUT", make=on(instruments.amend),
        command=InstrumentCommand, answers=Instrument, module=instruments),
    Act(path="/handovers", act="handover.run", zh="办理交接", en="Hand over what a person holds",
        make=new(handing_over.hand_over), command=handing_over.HandoverCommand, answers=Handover,
        module=handing_over, creates="handovers", versioned=False),
    Act(path="/reorganisations", act="reorganisation.run", zh="办理机构变动",
        en="Carry out a reorganisation", make=new(reorganising.run),
        command=successors.ReorganiseCommand, answers=Reorganisation, module=reorganising,
        creates="reorganisations", versioned=False),
    *LISTS,
    *LEDGER,
    *BUDGET,
    *BETWEEN,
    *POSTS,
    *ACCOUNTS,
    *AUDITING,
    *AFTER,
    *KEYS,
    *LIVING,
    *WALLS,
    *CERTIFYING,
    *POSTING,
    *REDRESS,
    *EXISTING,
    *EVALUATING,
    *YEARLY,
    *RECONCILING,
    *SPENDING,
    *PAYING,
    *PAPERS,
    *PURCHASING,
    *OWING,
    *YEARS,
    *TELEPHONE,
)  # fmt: skip

PRECHECK = Act(
    path="/prechecks", act="precheck.ask", zh="预审试算，不留记录",
    en="Ask for the verdict without recording", make=new(judging.precheck_answer),
    command=judging.PrecheckCommand, answers=Verdict, module=judging, versioned=False,
)  # fmt: skip
EXPLAIN = Act(
    path="/explanations", act="explanation.ask", zh="预审说明和通过办法，不留记录",
    en="Ask why, and for the way to yes, without recording",
    make=new(explaining.explain_answer), command=explaining.ExplainCommand, answers=Explanation,
    module=explaining, versioned=False,
)  # fmt: skip
REPLAN = Act(
    path="/reorganisations/plan", act="reorganisation.plan", zh="机构变动预案，不留记录",
    en="Who would have what after a reorganisation, without recording",
    make=new(planning.plan_answer), command=successors.ReorganiseCommand,
    answers=ReorganisationPlan, module=planning, versioned=False,
)  # fmt: skip
UNRECORDED = (PRECHECK, EXPLAIN, REPLAN, REHEARSE, TRY_LIST)
"""Asked on a reading connection; nothing of them is kept."""
