"""随意变动: besides acts on cases, meetings, batches, circles of deputies, bodies that change."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from registry.actions.attaching import AttachCommand
from registry.actions.between import batching
from registry.actions.between.batching import BatchCommand, BatchItem
from registry.actions.office import Call, settled
from registry.actions.seeding import person_actor
from registry.domain.approval import Task
from registry.domain.areas import Area
from registry.domain.conference import Conference
from registry.domain.document import DocumentType
from registry.domain.errors import Refusal
from registry.domain.people import Organisation, Post
from registry.domain.records import civil
from registry.domain.request import Request
from tests.actions.by_table import COUNTY
from tests.actions.case import VILLAGE, attached
from tests.actions.random_acts import ENDED, LENT, WORDS, Acts, anybody, holds, people, pick
from tests.actions.reorganised import astray, planned
from tests.actions.together_sound import unsound_together

HOUSE, GOV, OFFICE = "o-990102-conference", "o-990102-gov", "o-990102-admission"
CIVIL, URBAN = "o-990102-civil", "o-990102-urban"
STREETS = ["a-990102001000", "a-990102002000", "a-990102100000"]
CAMPAIGN = {
    "kind": "campaign", "targets": ["990102002001"], "receivers": ["residents_committee"],
    "campaign": {"approval_document": "演创〔2026〕1号", "approved_by_level": "county"},
}  # fmt: skip
SITTING = ["conference.head", "gov.head", "street.head", "street2.head", "finance.head",
           "community2.head", "dept.head", "dept2.head"]  # fmt: skip
VOTES = st.sampled_from(["agree", "agree", "agree", "disagree", "comment"])
AT_MOST = 3
"""Changes of bodies in one run: with more of them nobody would be left to act."""
CASES = 3
"""Filed before each of them, so that it comes in mid-case."""
FEW = 4
pair = st.sampled_from([(CIVIL, URBAN), (URBAN, CIVIL), (OFFICE, GOV), (HOUSE, OFFICE)])


def organisations(kind: str, sources: list[str], *after: dict[str, Any], **more: Any) -> Any:
    return {"kind": kind, "object_kind": "organisation", "sources": sources,
            "successors": list(after), **more}  # fmt: skip


def places(kind: str, sources: list[str], *after: dict[str, Any], **more: Any) -> Any:
    return {**organisations(kind, sources, *after, **more), "object_kind": "area"}


class Everything(Acts):
    """一个县: where bodies meet, stand in for one another, and change."""

    changed = 0

    @invariant()
    def what_is_done_together_holds(self) -> None:
        if hasattr(self, "office"):
            holds(unsound_together(self.office, COUNTY))

    def everything_holds(self) -> None:
        super().everything_holds()
        self.what_is_done_together_holds()

    def _acts(self, dice: Random, some: int, who: int) -> list[Callable[[], None]]:
        ballot = dice.choice(["agree", "agree", "disagree"])
        even = dice.random() < 0.5
        return [
            *super()._acts(dice, some, who),
            self.files_for_the_meeting,
            lambda: self.calls("conference.head", who, held_on=dice.randrange(2)),
            *[lambda: self.votes(dice.choice(SITTING), some, dice.randrange(9), ballot)] * 2,
            lambda: self.closes("conference.head", some, all_=even),
            lambda: self.batch(dice.choice(["street.head", "street2.head"]), some),
            lambda: self.lends_round(dice.choice([OFFICE, "o-990102002", URBAN]), who, some),
        ]

    # ---- 联席会议 ----------------------------------------------------------------------------------

    @rule()
    def files_for_the_meeting(self) -> None:
        if sum(r.state not in ENDED for r in self._rows(Request)) >= FEW:
            return
        self._filed("dept.clerk", {**CAMPAIGN, "title": f"创建第{len(self._rows(Request))}项"})
        request = self._rows(Request)[-1]
        taken = self._try("county.office", "request.accept", request)
        task = self._one(Task, 0, request_id=request.id, state="open")
        if taken is not None and task is not None:
            self._try("county.office", "task.opine", task, ballot="agree")

    @rule(by=st.sampled_from(["conference.head", "county.head", "dept.head"]), who=pick,
          held_on=st.integers(0, 2))  # fmt: skip
    def calls(self, by: str, who: int, held_on: int) -> None:
        """Whatever lies at the meeting, and now and then one that does not."""
        held = self._one(Conference, who, state="convened")
        cases = [t.request_id for t in self._rows(Task, organisation_id=HOUSE, state="open")]
        stray = self._case(who)
        if stray is not None and who % 5 == 0:
            cases.append(stray.id)
        told = {
            "title": f"第{who % 90}次会议", "agenda": cases, "members": self._members(who),
            "held_on": (civil(self.clock.at) + timedelta(days=held_on)).isoformat(),
        }  # fmt: skip
        if held is not None and who % 2:
            agenda = [i.request_id for i in held.agenda]
            self._try(by, "conference.amend", held, **{**told, "agenda": agenda})
        elif cases:
            self._try(by, "conference.call", **told)

    def _members(self, number: int) -> list[dict[str, str]]:
        sitting = Random(number).sample(SITTING, 3 + number % 4)
        posts = [self._one(Post, 0, person_id=self._id(name)) for name in sitting]
        return [{"person_id": p.person_id, "organisation_id": p.organisation_id}
                for p in posts if p is not None]  # fmt: skip

    @rule(by=st.sampled_from(SITTING), number=pick, item=st.integers(0, 9), ballot=VOTES)
    def votes(self, by: str, number: int, item: int, ballot: str) -> None:
        held = self._meeting(number)
        if held is not None:
            case = held.agenda[item % len(held.agenda)].request_id
            self._try(by, "conference.vote", held, request_id=case, ballot=ballot)

    @rule(by=anybody, number=pick, item=st.integers(0, 9), ballot=VOTES)
    def a_paper_ballot(self, by: str, number: int, item: int, ballot: str) -> None:
        """Entered for a member: with the paper, or without it."""
        held = self._meeting(number)
        if held is None:
            return
        named = held.members[number % len(held.members)].person_id
        paper = self._paper(held, DocumentType.OTHER) if number % 3 else None
        case = held.agenda[item % len(held.agenda)].request_id
        self._try(by, "conference.vote", held, request_id=case, ballot=ballot, for_person=named,
                  document_id=paper)  # fmt: skip

    @rule(by=st.sampled_from(["conference.head", "conference.head", "county.head", "gov.head"]),
          number=pick, all_=st.booleans())  # fmt: skip
    def closes(self, by: str, number: int, all_: bool) -> None:
        """With everybody there, or with fewer than a meeting takes."""
        held = self._meeting(number)
        if held is None:
            return
        there = [m.person_id for m in held.members]
        there = there if all_ else there[number % len(there) :]
        paper = self._paper(held, DocumentType.MINUTES)
        if paper is not None:
            self._try(by, "conference.close", held, present=there, minutes_number="演联纪1号",
                      document_id=paper)  # fmt: skip

    @rule(by=anybody, number=pick)
    def calls_off(self, by: str, number: int) -> None:
        held = self._one(Conference, number)
        if held is not None:
            self._try(by, "conference.cancel", held, **WORDS)

    @rule(number=pick)
    def meets(self, number: int) -> None:
        """A whole meeting on one day; in the midst of it somebody does something else."""
        dice = Random(number)
        self.calls("conference.head", number, held_on=0)
        for name in dice.sample(SITTING, len(SITTING)):
            self.votes(name, 0, dice.randrange(9), dice.choice(["agree", "agree", "disagree"]))
        if number % 2:
            self._any_act(dice)
        self.closes("conference.head", 0, all_=True)

    def _meeting(self, number: int) -> Conference | None:
        """As a rule one that is still to be held."""
        held: Conference | None = self._one(Conference, number, state="convened")
        return held or self._one(Conference, number)

    def _paper(self, held: Conference, type: DocumentType) -> str | None:
        command = AttachCommand(
            parent_kind="conference", parent_id=held.id, type=type, name="会议文件.pdf",
            not_secret=True,
        )  # fmt: skip
        try:
            return str(attached(self._hand, "conference.head", command, b"%PDF-1.4 demo").id)
        except Refusal:
            return None

    # ---- 批量 -------------------------------------------------------------------------------------

    @rule(by=anybody, number=pick)
    def batch(self, by: str, number: int) -> None:
        """Every case under way by one person, each as an act of its own; one of them twice."""
        cases = [r for r in self._rows(Request) if r.state not in ENDED][-4:]
        if not cases:
            return
        told = [*cases, cases[number % len(cases)]]
        items = [BatchItem(request_id=r.id, version=r.version) for r in told]
        call = Call(actor=person_actor(self.office, by), county=COUNTY, act="batch.approve")
        command = BatchCommand(items=items, reason="清单内事项，予以备案")
        for future in batching.begin(self.office, call, command):
            try:
                settled(future.result())
                self.done["batch.approve"] = self.done.get("batch.approve", 0) + 1
            except Refusal:
                continue

    # ---- 循环委托 -----------------------------------------------------------------------------------

    @rule(body=st.sampled_from([OFFICE, "o-990102001", "o-990102002", URBAN]), number=pick,
          days=st.integers(1, 9))  # fmt: skip
    def lends_round(self, body: str, number: int, days: int) -> None:
        """Each of a body gives the same act to the next, and the last to the first."""
        posts = self._rows(Post, organisation_id=body)
        today = civil(self.clock.at)
        term = {"valid_from": today.isoformat(),
                "valid_to": (today + timedelta(days=days % 10)).isoformat()}  # fmt: skip
        for giver, taker in zip(posts, [*posts[1:], *posts[:1]], strict=True):
            self._try(
                giver.person_id.removeprefix("person-"), "delegation.give",
                acts=[LENT[number % len(LENT)]], to_person_id=taker.person_id, role=giver.role,
                organisation_id=body, **term,
            )  # fmt: skip

    # ---- 机构变动 -----------------------------------------------------------------------------------

    @rule(number=pick, two=pair, by=st.sampled_from(["county.head", "gov.head"]))
    def a_body_changes(self, number: int, two: tuple[str, str], by: str) -> None:
        """更名, 合并, 拆分, 划转 of offices whose cases are under way."""
        one, other = two
        held = next((o for o in self._rows(Organisation) if o.id == one), None)
        new, later = f"o-990102-n{number}", f"o-990102-m{number}"
        ways = [
            organisations("rename", [one], {"id": one, "name": f"演示更名机构{number}"}),
            organisations("merge", [one], {"id": other}),
            organisations("merge", [one, other], {"id": new, "name": f"演示新设机构{number}"}),
            organisations("split", [one], {"id": new, "name": f"演示甲机构{number}"},
                          {"id": later, "name": f"演示乙机构{number}"}, heir=new),
            organisations("transfer", [one], {"id": other},
                          assignments=dict.fromkeys(held.functions if held else [], other)),
        ]  # fmt: skip
        self._reorganise(by, ways[number % len(ways)])

    @rule(number=pick, by=people)
    def a_place_changes(self, number: int, by: str) -> None:
        """街道、乡镇、社区 merged, renamed, split in mid-case; 撤村改居."""
        one, other = Random(number).sample(STREETS, 2)
        code = 100 + number % 800
        new = {"id": f"a-n{number}", "name": f"演示新街道{number}", "code": f"990102{code}000",
               "organisation_id": f"o-n{number}"}  # fmt: skip
        homes = [a.id for a in self._rows(Area) if a.parent_id == STREETS[1]]
        ways = [
            places("rename", [one], {"id": one, "name": f"演示更名街道{number}"}),
            places("merge", [one], {"id": other}),
            places("merge", [one, other], new),
            places("split", [one], {"id": other}, new, heir=other),
            places("merge", homes[:1], {"id": homes[-1] if homes else one}),
            places("village_to_community", [VILLAGE],
                   {"id": VILLAGE, "name": f"演示新社区{number}居委会",
                    "code": f"990102100{10 + number % 80:03d}", "community_type": "urban"}),
        ]  # fmt: skip
        self._reorganise(by if number % 4 == 0 else "county.head", ways[number % len(ways)])

    def _reorganise(self, by: str, fields: dict[str, Any]) -> None:
        """Planned, now and then while something else happens, and carried out; of several
        successors, what nobody is named for goes to one."""
        if self.changed >= AT_MOST or len(self._rows(Request)) < CASES * (self.changed + 1):
            return
        today = civil(self.clock.at)
        told = {"document_number": "演示政发〔2026〕2号", "document_title": "机构变动（虚构）",
                "effective_on": today.isoformat(), **fields}  # fmt: skip
        try:
            plan = planned(self._hand, by, **told)
        except Refusal:
            return
        done = self._try(by, "reorganisation.run", **told, plan_digest=plan.digest)
        if done is not None:
            self.changed += 1
            self.done[f"{fields['kind']} {fields['object_kind']}"] = 1
            holds(astray(self.office, today))
