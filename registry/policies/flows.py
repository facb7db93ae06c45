"""流程 what a flow of a pack must hold to, and the flow by which a matter leaves again."""

from collections.abc import Iterable

from registry.domain.approval import DECIDING, Flow, OnExpiry, Quorum, StepAct
from registry.policies.overlay import Overlay
from registry.policies.pack import Document

BUILT_IN = ("street", "community")
_TAKES_IN = (StepAct.EXAMINE, StepAct.OPINION, StepAct.EXPERT, StepAct.DECIDE)
"""Acts of bodies that take papers in; a community that is only consulted accepts nothing."""


def flow_faults(document: Document) -> list[tuple[str, str]]:
    """Everything wrong with the flows of a pack: the id that stands where it is, and a sentence."""
    clock = document.clock.decide_in
    late = clock.on_expiry if clock is not None else None
    return [
        (flow.id, f"flow {flow.id}: {fault}")
        for flow in document.flow
        for fault in (
            *_order(flow),
            *_groups(flow),
            *_quorums(flow),
            *_bodies(flow, document),
            *_expiry(flow, late),
        )
    ]


def exit_faults(document: Document) -> list[tuple[str, str]]:
    """What is wrong with ``[exit]``."""
    leaving = document.exit
    if leaving is None or not leaving.flow:
        return []
    if leaving.same_procedure:
        said = "[exit] names a flow of its own and the same procedure as entry; keep one"
        return [(leaving.flow, said)]
    return _missing(document, "exit", leaving.flow)


def change_faults(document: Document) -> list[tuple[str, str]]:
    """What is wrong with ``[change]``."""
    small = document.change
    return _missing(document, "change", small.flow) if small and small.flow else []


def renewal_faults(document: Document) -> list[tuple[str, str]]:
    """What is wrong with ``[renewal]``."""
    again = document.renewal
    return _missing(document, "renewal", again.flow) if again and again.flow else []


def _missing(document: Document, setting: str, flow: str) -> list[tuple[str, str]]:
    known = {one.id for one in document.flow}
    return [] if flow in known else [(flow, f"[{setting}] flow {flow} is not in pack.toml")]


def body_faults(document: Document) -> list[tuple[str, str]]:
    """A body that a setting names and nobody defines. Below a parent the check over the whole
    overlay looks."""
    if document.pack.parent is not None:
        return []
    # Those two sit by the pack's own bodies; a street or community answers only for its place.
    own = ("conference", "reconsideration")
    return [
        (body, f"[{setting}] body {body} is not in [bodies]")
        for setting, body in named_bodies(document)
        if body not in (*(BUILT_IN if setting not in own else ()), *document.bodies)
    ]


def named_bodies(document: Document) -> list[tuple[str, str]]:
    """The bodies that settings name, each with its setting; what is silent names none."""
    ruled = {
        "conference": document.conference, "reconsideration": document.reconsideration,
        "objection": document.objection, "proposal": document.proposal,
        "resident_report": document.resident_report,
    }  # fmt: skip
    named = [(setting, rule.body) for setting, rule in ruled.items() if rule and rule.body]
    complaints = document.complaints.bodies if document.complaints else []
    return named + [("complaints", body) for body in complaints]


def _order(flow: Flow) -> Iterable[str]:
    if not flow.step or flow.step[0].act not in _TAKES_IN:
        yield "nobody takes the papers in; begin with a body that accepts"
        return
    if flow.step[0].beside:
        yield "the first step has nothing before it to open beside"
    if flow.step[-1].act not in DECIDING:
        yield "the last step must decide or ratify, else no decision is ever issued"
    keys = [step.key for step in flow.step]
    if len(set(keys)) != len(keys):
        yield "two steps bear the same key"
    acts = [step.act for step in flow.step]
    if StepAct.RECONSIDER in acts:
        yield "reconsider is not an act of a flow; re-evaluation gives it out by itself"
    if StepAct.RATIFY in acts:
        first = acts.index(StepAct.RATIFY)
        if StepAct.DECIDE not in acts[:first]:
            yield "nothing is decided yet that could be ratified"
        if any(act is not StepAct.RATIFY for act in acts[first:]):
            yield "what is ratified is settled; nothing but a further ratification follows"


def _groups(flow: Flow) -> Iterable[str]:
    for group in flow.groups():
        acts = {step.act if step.act in DECIDING else None for step in group}
        if len(acts) > 1:
            yield f"step {group[0].key}: advice goes before what decides, not beside it"
    for step in flow.step:
        if step.act in DECIDING and not step.required:
            yield f"step {step.key}: a step that decides cannot be left out"


def _quorums(flow: Flow) -> Iterable[str]:
    """What is said of who must agree, step by step."""
    for step in flow.step:
        share, each = step.quorum is Quorum.RATIO, step.quorum is Quorum.EACH
        if share and step.percent is None:
            yield f"step {step.key}: quorum ratio needs percent, of a hundred how many must agree"
        if share and step.act not in DECIDING:
            yield f"step {step.key}: a share of votes decides; advice is heard from all or from any"
        if not share and step.percent is not None:
            yield f"step {step.key}: percent is for quorum ratio only"
        if each and step.bodies != ["street"]:
            yield f"step {step.key}: quorum each is for the streets, each for its own area"
        if each and step.in_order:
            yield f"step {step.key}: each answers for its own area; there is no order among them"
        if step.instead in BUILT_IN:
            yield f"step {step.key}: instead names a body above, not street or community"


def _bodies(flow: Flow, document: Document) -> Iterable[str]:
    named = [(step.key, body) for step in flow.step for body in step.bodies]
    named += [(step.key, step.instead) for step in flow.step if step.instead]
    named += [("escalate_to", flow.escalate_to)] if flow.escalate_to else []
    for step in flow.step:
        if not step.bodies:
            yield f"step {step.key}: no body acts in it"
    if document.pack.parent is not None:
        return  # a parent may define the body; the check over the whole overlay looks there
    for key, body in named:
        if body not in (*BUILT_IN, *document.bodies):
            yield f"step {key}: body {body} is not in [bodies]"


def _expiry(flow: Flow, clock: OnExpiry | None) -> Iterable[str]:
    told = [step.on_expiry or clock for step in flow.step]
    if OnExpiry.ESCALATE in told and not flow.escalate_to:
        yield "a late step is to be escalated, but escalate_to names no body"


def exit_flow(overlay: Overlay, facts: tuple[str, ...]) -> Flow | None:
    """退出流程 of a matter: the flow ``[exit]`` names, or that of its entry where the procedure is
    the same; ``None`` = the packs give none, and nobody's approval is invented.

    Args:
        facts: (kind, applicant, level, outcome, spread, receiver), as for entry.
    """
    leaving = overlay.setting(lambda d: d.exit)
    if leaving is None:
        return None
    if leaving.flow:
        flows = (flow for pack in overlay.packs for flow in pack.document.flow)
        return next((flow for flow in flows if flow.id == leaving.flow), None)
    return overlay.flow(facts) if leaving.same_procedure else None
