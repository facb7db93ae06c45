"""审批表 the whole case on one form: what was asked, what the rules say, who said what, the end."""

import msgspec

from registry.actions.papers.book import NUMERALS, Book, day, pairs, term, yuan
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
    parts = [
        [Grid(caption="申请事项", rows=_asked(book, request))],
        _money(book, filing), _judged(book, request), _opinions(book, request),
        _decided(book, request),
    ]  # fmt: skip
    return book.paper(
        "approval",
        facts,
        on,
        number=request.number,
        number_zh="申请编号",
        grids=_numbered(parts),
        seal=False,
        of=request,
    )


def _numbered(parts: list[list[Grid]]) -> list[Grid]:
    """一、二、三 before the first grid of each part that says anything."""
    told: list[Grid] = []
    for numeral, (first, *rest) in zip(NUMERALS, filter(None, parts), strict=False):
        told += [msgspec.structs.replace(first, caption=f"{numeral}、{first.caption}"), *rest]
    return told


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
    steps = {step.id: step for step in book.unit.find(Step, request_id=request.id)}
    given = [o for o in book.mine(Opinion, request_id=request.id) if not o.lapsed]
    rows = [
        [steps[o.step_id].name if o.step_id in steps else "",
         book.name(o.organisation_id, civil(o.given_at)), book.person(o.person_id),
         code_zh(o.ballot), o.text, day(civil(o.given_at))]
        for o in sorted(given, key=lambda o: (o.given_at, o.id))
    ]  # fmt: skip
    heads = ["环节", "单位", "审核人", "表态", "意见", "日期"]
    return [Grid(caption="审核意见", headings=heads, rows=rows)] if rows else []


def _decided(book: Book, request: Request) -> list[Grid]:
    found = book.mine(Decision, request_id=request.id)
    grids: list[Grid] = []
    for one in sorted(found, key=lambda d: (d.issued_on, d.id)):
        told = {
            "决定": code_zh(one.kind) + ("（备案）" if one.filed_on_record else ""),
            "文号": one.number + ("（已作废）" if one.voided_on else ""),
            "决定机构": one.body_name, "审批人": book.person(one.person_id),
            "理由": one.reason, "依据": "\n".join(one.clauses), "日期": day(one.issued_on),
        }  # fmt: skip
        grids.append(Grid(caption="决定" if not grids else "", rows=pairs(told)))
    return grids or [Grid(caption="决定", rows=_UNSIGNED)]


_UNSIGNED = [
    ["审批意见", "\u3000\n\u3000\n\u3000"], ["签字（盖章）", "\u3000\n\u3000"],
    ["日期", "\u3000\u3000年\u3000\u3000月\u3000\u3000日"],
]  # fmt: skip
"""Room to decide on paper (P40)."""
