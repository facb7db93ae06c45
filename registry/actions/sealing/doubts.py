"""见证不符 what a witness has seen of this county's log and the log does not have: it was put back
to an older state, or shown in two histories. Each is a finding as well as an error in the server's
log.
"""

from collections.abc import Iterator
from functools import partial

from registry.actions.doubting import keeping
from registry.actions.doubting.keeping import Seen
from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.sealing.submitting import Outcome, Submitted
from registry.actions.ticking import system_actor
from registry.domain.audit import Finding
from registry.domain.doubts import Doubt

AHEAD = Doubt(
    code="log.witness_ahead", name="日志短于见证人所见待核",
    zh="见证人 {witness} 已见证到第 {seen} 条，本县日志不足此数，请核对是否由旧备份恢复",
    en="Witness {witness} has seen {seen} entries, more than the log: was an old backup restored?",
    about=("county",), facts=("witness", "tree", "seen"),
    query="向见证人送交检查点时，见证人所记的条目数大于本县日志的条目数（C2SP tlog-witness 409）",
)  # fmt: skip
FORKED = Doubt(
    code="log.witness_forked", name="日志与见证人所见不同待核",
    zh="见证人 {witness} 见证过的日志与本县日志不是同一部，请核对",
    en="What witness {witness} has cosigned is another history than this log: please check.",
    about=("county",), facts=("witness", "tree"),
    query="向见证人送交检查点时，一致性证明不成立，或者同一条目数下根不同（C2SP tlog-witness 409、422）",
)  # fmt: skip
DOUBTS = (AHEAD, FORKED)
_OF = {Outcome.AHEAD: AHEAD, Outcome.FORKED: FORKED}


def note(office: Office, done: list[Submitted]) -> list[str]:
    """Open what witnesses turned up as findings, once each, and close those of witnesses who have
    cosigned since; ids of the findings that changed."""
    changed: list[str] = []
    for one in done:
        if one.outcome not in (*_OF, Outcome.COSIGNED):
            continue
        seen = {doubt.id: doubt for doubt in _seen(one)}
        held = {id: office.store.reader.get(Finding, one.county, id) for id in _ids(one)}
        if all(_says(held[id], seen.get(id)) for id in held):
            continue
        call = Call(actor=system_actor(one.county), county=one.county, act="tick.log_doubted")
        changed += office.perform(call, partial(_set, seen=list(seen.values()), ids=[*held])).body
    return changed


def _ids(one: Submitted) -> list[str]:
    return [f"{one.county}.{one.tree}.{one.witness}.{doubt.code}" for doubt in DOUBTS]


def _seen(one: Submitted) -> Iterator[Seen]:
    """What is told must not change with the log's own growth, or telling it would never end."""
    for id, doubt in zip(_ids(one), DOUBTS, strict=True):
        if _OF.get(one.outcome) is doubt:
            told = {"witness": one.witness, "tree": one.tree, "seen": one.detail}
            facts = {name: told[name] for name in doubt.facts}
            yield Seen(doubt, id, one.county, facts=facts)


def _says(held: Finding | None, seen: Seen | None) -> bool:
    if seen is None:
        return held is None or held.closed_on is not None
    return not keeping.differs(held, seen)


def _set(desk: Desk, seen: list[Seen], ids: list[str]) -> Answer:
    desk.post = desk.authorise("system.tick").role
    desk.act = "tick.log_doubted"
    return Answer(body=keeping.set_right(desk, seen, ids))
