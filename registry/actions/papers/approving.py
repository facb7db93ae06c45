"""审批表 the whole case on one form: what was asked, what the rules say, who said what, the end."""

from registry.actions.papers.book import Book, day, pairs, term, yuan
from registry.actions.papers.deciding import applicants, places
from registry.domain.admission import Verdict
from registry.domain.approval import Decision, Opinion, Step
from registry.domain.filing import Filing, LegalBasis
from registry.domain.paper import Grid, Paper
from registry.domain.records import civil
from registry.domain.request import Request
from registry.policies.dictionary import code_zh


def approval(book: Book, request: Request) -> Paper:
    """审批表: opinions and decision only as far as the reader may read them."""
    filing, on = request.filing, request.applied_on
    facts = {"title": request.title, "applicant": applicants(book, filing, on), "body": ""}
    grids = [
        Grid(caption="申请事项", rows=_asked(book, request)), *_money(book, filing),
        *_judged(book, request), *_opinions(book, request), *_decided(book, request),
    ]  # fmt: skip
    return book.paper(
        "approval", facts, on, number=request.number, number_zh="申请编号", grids=grids, sheet=True,
        seal=False, of=request,
    )  # fmt: skip


def _asked(book: Book, request: Request) -> list[list[str]]:
    filing, on = request.filing, request.applied_on
    letter = filing.letter
    return pairs({
        "事项名称": request.title, "事项类别": code_zh(filing.kind),
        "申请单位": applicants(book, filing, on),
        "来文": f"{letter.document_number}，{day(letter.dated_on)}" if letter else "",
        "联系人": f"{letter.contact}，电话 {letter.telephone}" if letter else "",
        "签发人": (letter.signed_by if letter else "") or book.person(request.submitted_by),
        "经办人": book.person(request.holder_id or request.drafted_by),
        "申请日期": day(on), "状态": code_zh(request.state),
        "承接主体": "、".join(code_zh(one) for one in filing.receivers),
        "涉及范围": places(book, filing, on), "社区角色": code_zh(filing.role),
        "工作内容": filing.content, "工作标准": filing.standard, "工作流程": filing.process,
        "责任主体": filing.responsible_party, "必要性": filing.necessity,
        "依据": "\n".join(_basis(one) for one in filing.bases),
        "时限性质": code_zh(filing.duration), "期限": term(filing.starts_on, filing.ends_on),
        "下放权限": "；".join(one.scope for one in filing.powers),
        "保障条件": "；".join(
            one.description + (f" {one.quantity}{one.unit}" if one.quantity else "")
            for one in filing.conditions
        ),
        "征求意见": "；".join(
            f"{one.with_whom}（{day(one.held_on)}，{_SAID[one.result]}）"
            for one in filing.consultations
        ),
        "先办后录": _late(filing),
        "坚持申报理由": request.insist_reason,
    })  # fmt: skip


_SAID = {"agree": "同意", "disagree": "不同意", "comment": "有意见"}


def _late(filing: Filing) -> str:
    if filing.late is None:
        return ""
    return f"{day(civil(filing.late.happened_at))}已先行办理：{filing.late.reason}"


def _basis(one: LegalBasis) -> str:
    if one.held_on_paper_at:
        return f"依据以纸质保存于{one.held_on_paper_at}"
    number = f"（{one.document_number}）" if one.document_number else ""
    return f"《{one.title.strip('《》')}》{number}{one.article}"


def _money(book: Book, filing: Filing) -> list[Grid]:
    if not filing.funding:
        return []
    rows = [
        [code_zh(line.mode), book.name(line.payer_id, None) or "未写明", line.basis,
         str(line.fiscal_year), yuan(line.amount_fen)]
        for line in filing.funding
    ]  # fmt: skip
    total = yuan(sum(line.amount_fen for line in filing.funding))
    heads = ["经费方式", "付款单位", "测算依据", "年度", "金额（元）"]
    return [Grid(caption="经费", headings=heads, rows=[*rows, ["合计", "", "", "", total]],
                 amounts=[4])]  # fmt: skip


def _judged(book: Book, request: Request) -> list[Grid]:
    found = book.mine(Verdict, id=request.verdict_id) if request.verdict_id else []
    if not found:
        return []
    rules = "\n".join(
        f"{n}. {hit.sentence}〔{hit.clause}〕" for n, hit in enumerate(found[0].rules, start=1)
    )
    told = {"结论": code_zh(found[0].outcome), "依据": rules}
    return [Grid(caption="预审意见（不是决定）", rows=pairs(told))]


def _opinions(book: Book, request: Request) -> list[Grid]:
    """审核意见: who was asked at which step, what they said, and who signed it."""
    steps = {step.id: step for step in book.unit.find(Step, request_id=request.id)}
    given = [o for o in book.mine(Opinion, request_id=request.id) if not o.lapsed]
    rows = []
    for one in sorted(given, key=lambda o: (o.given_at, o.id)):
        on = civil(one.given_at)
        body, step = book.name(one.organisation_id, on), steps.get(one.step_id)
        said = "。".join(t.rstrip("。") for t in (code_zh(one.ballot), one.text) if t) + "。"
        signed = f"审核人：{book.person(one.person_id)}　{day(on)}"
        rows.append(["\n".join(t for t in (step.name if step else "", body) if t), said, signed])
    return [Grid(caption="审核意见", rows=rows)] if rows else []


def _decided(book: Book, request: Request) -> list[Grid]:
    """决定: as issued, the latest last; before there is one, room to decide on paper (P40)."""
    rows: list[list[str]] = []
    for one in sorted(
        book.mine(Decision, request_id=request.id), key=lambda d: (d.issued_on, d.id)
    ):
        told = {
            "决定": code_zh(one.kind) + ("（备案）" if one.filed_on_record else ""),
            "文号": one.number + ("（已作废）" if one.voided_on else ""),
            "依据": "\n".join(one.clauses), "理由": one.reason or "—",
        }  # fmt: skip
        signed = f"{one.body_name}　审批人：{book.person(one.person_id)}　{day(one.issued_on)}"
        rows += pairs(told)
        rows[-1].append(signed)
    return [Grid(caption="决定意见", rows=rows or _UNSIGNED)]


_UNSIGNED = [
    ["审批意见", "\u3000\n" * 5, "签字（盖章）：\u3000\u3000\u3000\u3000\u3000\u3000"
     "\u3000\u3000年\u3000\u3000月\u3000\u3000日"],
]  # fmt: skip
"""Room to decide on paper (P40)."""
