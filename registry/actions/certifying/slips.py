"""一次性告知单 the same answer as a paper to hand over: what is asked, why not here, who verifies."""

from typing import Any

import msgspec

from registry.actions.certifying.answering import (
    AskCommand,
    CertificateAnswer,
    Contact,
    answer,
    receivers_of,
    told,
)
from registry.actions.office import Answer, Call, Desk, Office
from registry.domain.admission import Hit
from registry.domain.certifying import CERTIFYING_ZH, DEMANDER_ZH, CertificateDemand
from registry.domain.people import Actor, Organisation
from registry.domain.records import Wire
from registry.policies.certificates import Listed, Spoken, Wanted

UNVERIFIED = "（待核实）"
_AS_PUBLISHED = "以该单位公布的电话为准"
_BASES = {"statute": "有法律法规依据", "policy": "只有政策文件依据", "none": "没有依据", "*": ""}
_WHO = {"public": "政府部门、法院索要", "private": "企业、银行、学校、个人等索要",
        "out_of_area": "外地单位索要", "*": ""}  # fmt: skip


class Slip(Wire, frozen=True, kw_only=True):
    """一次性告知单."""

    number: str
    """Empty = not registered: the answer alone."""
    community: str
    telephone: str
    """Of the community."""
    answer: CertificateAnswer


def preview(office: Office, actor: Actor, county: str, command: AskCommand) -> Slip:
    """The answer as a slip without a number; nothing is kept."""
    given = answer(office, actor, county, command)
    return Slip(number="", community=given.place, telephone="", answer=given)


def handed(office: Office, call: Call, id: str) -> Slip:
    """告知单 of a registered demand, for whoever may read it: as it was answered that day."""
    call = msgspec.structs.replace(call, about=(CertificateDemand, id))
    found: Slip = office.ask(call, lambda desk: Answer(body=_handed(desk, id))).body
    return found


def _handed(desk: Desk, id: str) -> Slip:
    demand = desk.unit.get(CertificateDemand, id)
    desk.about(demand)
    owners, paths = [demand.organisation_id], [demand.area_path]
    desk.authorise("certificate_demand.read", owners=owners, paths=paths)
    body = desk.places.organisation(demand.organisation_id)
    return Slip(
        number=demand.slip_number, community=desk.places.name_on(body, demand.recorded_on),
        telephone=body.telephone, answer=_as_told(desk, demand, body),
    )  # fmt: skip


def _as_told(desk: Desk, demand: CertificateDemand, body: Organisation) -> CertificateAnswer:
    """The lists of that day; answer and clauses are those that were registered."""
    area = desk.places.home(body)
    wanted = Wanted(
        words=demand.item, on=demand.recorded_on, receivers=receivers_of(area),
        paths=[demand.area_path], demander=demand.demander, out_of_area=demand.out_of_area,
        basis=demand.basis,
    )  # fmt: skip

    def find(**equals: Any) -> list[Organisation]:
        return desk.unit.find(Organisation, **equals)

    book = desk.rulebook(demand.recorded_on)
    return msgspec.structs.replace(
        told(book, wanted, area, find), answer=demand.answer,
        answer_zh=CERTIFYING_ZH[demand.answer], clauses=demand.clauses,
    )  # fmt: skip


def page(slip: Slip) -> str:
    """告知单 as plain text to print."""
    given = slip.answer
    asker = DEMANDER_ZH[given.demander] if given.demander else "未说明"
    lines = [
        "一次性告知单", f"编号：{slip.number or '未登记'}", f"日期：{given.on.isoformat()}",
        f"告知单位：{slip.community}{_tel(slip.telephone)}", "",
        f"所要的证明：{given.words}",
        f"索要方：{asker}{'（外地）' if given.out_of_area else ''}",
        f"答复：{given.answer_zh}", "", *_reasons(given), *_papers(given), "", "咨询：",
        *(f"  {one.name}{called(one)}" for one in given.ask),
    ]  # fmt: skip
    return "\n".join([*lines, "", "本单只登记证明的种类，不登记个人信息。", ""])


def _reasons(given: CertificateAnswer) -> list[str]:
    """理由和依据: where it depends on what was not told, each case with its own, since what holds of
    one is untrue of another."""
    if len(given.cases) < 2:  # noqa: PLR2004 - one case depends on nothing
        return ["理由和依据：", *_sentences(given.rules, "  ")]
    by: dict[tuple[str, ...], list[Spoken]] = {}
    for case in given.cases:
        by.setdefault((case.answer, *(hit.rule for hit in case.rules)), []).append(case)
    told_ = ["要看情况，理由和依据分列："]
    for alike in by.values():
        first = alike[0]
        when = "、".join(_when(case) for case in alike)
        told_ += [f"  {when}：{CERTIFYING_ZH[first.answer]}", *_sentences(first.rules, "    ")]
    return told_


def _when(case: Spoken) -> str:
    return "，".join(w for w in (_WHO[case.demander], _BASES[case.basis]) if w) + "的"


def _sentences(hits: list[Hit], margin: str) -> list[str]:
    return [
        f"{margin}{n}. {hit.sentence}〔{hit.clause}；等级：{hit.grade}〕"
        for n, hit in enumerate(hits, start=1)
    ]


def _papers(given: CertificateAnswer) -> list[str]:
    if not given.papers:
        return ["", "由谁核验：由索要单位自行核实"]
    head = "清单上的证明：" if given.sure else "可能是指（请核对名称）："
    lines = ["", head]
    for paper in given.papers:
        lines.append(f"  {paper.title}：{CERTIFYING_ZH[paper.answer]}〔{paper.list_title}〕")
        lines += [f"    {words}" for words in _details(paper)]
    return lines + [f"  {one.name}{UNVERIFIED}：{_phone(one)}" for one in given.verifiers]


def _details(paper: Listed) -> list[str]:
    verifier = paper.verifier + (UNVERIFIED if paper.verifier_unverified else "")
    named = {
        "由谁核验": verifier if paper.verifier else "", "用途": paper.purpose,
        "流程": paper.process, "样式": paper.form, "时限": paper.time_limit,
    }  # fmt: skip
    return [f"{name}：{words}" for name, words in named.items() if words]


def _tel(number: str) -> str:
    return f"，电话 {number}" if number else ""


def _phone(contact: Contact) -> str:
    return f"电话 {contact.telephone}" if contact.telephone else _AS_PUBLISHED


def reasons(given: CertificateAnswer) -> list[str]:
    """理由和依据, without their heading."""
    return [line.strip() for line in _reasons(given)[1:]]


def verified(given: CertificateAnswer) -> list[str]:
    """由谁核验, and what the lists say of the paper."""
    return [line.strip() for line in _papers(given) if line.strip()]


def called(contact: Contact) -> str:
    """Where who is asked can be called."""
    return _tel(contact.telephone) or "，" + _AS_PUBLISHED
