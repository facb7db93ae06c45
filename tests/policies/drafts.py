"""底稿: a small sound pack as text, of which a test changes what it is about."""

from typing import Any

from registry.domain.catalogue import MatterList
from registry.policies.drafting.lint import Problem, check
from registry.policies.lists import parse_lists
from registry.policies.loader import load_pack
from registry.policies.pack import Pack

IDENTITY = """\
[pack]
id = "small"
jurisdiction = "990102"
level = "county"
name = "小包"
name_en = "Small"
instrument = "小包办法（虚构）"
grade = "fictional"
effective_from = 2026-01-01
default = "admission"
"""
FLOW = """
[[flow]]
id = "way"
name = "办理"
[[flow.step]]
key = "street"
name = "街道"
act = "decide"
bodies = ["street"]
instead = "office"
"""
OFFICE = """
[bodies.office]
name = "办公室"
function = "office"
family = "county"
"""
HEAD = "# p,gate,kind,standing,certificate,ground,match,emergency,duration,eft,outcome,rule\n"
ROUTES = "# p,kind,applicant,level,outcome,spread,receiver,eft,flow\np,*,*,*,*,*,*,allow,way\n"
COLUMNS = HEAD.removeprefix("# p,").split(",")[:-3]
OK = {"ground": "none", "match": "none"}


def rule(id: str, *lines: str) -> str:
    """A [[rule]] of pack.toml; ``lines`` go before what every rule has."""
    own = "".join(f"{line}\n" for line in lines)
    graded = "" if "grade" in own else 'grade = "configured"\n'
    return (
        f'\n[[rule]]\nid = "{id}"\nclause = "{id} 条"\nsentence = "{id} 说。"\n'
        f'sentence_en = "{id} says."\n{graded}{own}'
    )


def row(id: str, outcome: str, **facts: str) -> str:
    """A line of rules.csv; what is not given is any, but for a plain row about no ground."""
    eft = "allow" if outcome in {"listed", "exempt", "needs_approval", "allowed"} else "deny"
    given = {"gate": "file", **OK, **facts}
    return ",".join(["p", *(given.get(c, "*") for c in COLUMNS), eft, outcome, id]) + "\n"


def draft(*rules: str, rows: str = "", **files: str) -> dict[str, str]:
    """The files of a pack; without rules and rows those of a sound one."""
    told = "".join(rules) or rule("A") + rule("B")
    lines = rows or row("A", "refused", standing="off") + row("B", "listed", standing="listed")
    top, below = files.pop("top", ""), files.pop("below", "")
    identity = files.pop("identity", IDENTITY)
    flow = files.pop("flow", FLOW)
    text = top + identity + below + flow + told + (OFFICE if '"office"' in flow else "")
    made = {"pack.toml": text, "rules.csv": HEAD + lines, "routes.csv": ROUTES}
    return made | {name.replace("__", "/").replace("_", "."): t for name, t in files.items()}


def found(files: dict[str, str], *known: Pack, lists: Any = None) -> list[Problem]:
    """What ``check`` finds."""
    return check(files, {pack.id: pack for pack in known}, lists)


def codes(files: dict[str, str], *known: Pack, lists: Any = None) -> list[str]:
    """The codes of what ``check`` finds."""
    return [one.code for one in found(files, *known, lists=lists)]


def parent(id: str = "above", level: str = "city", **more: str) -> Pack:
    """A sound pack to stand above another."""
    text = IDENTITY.replace('"small"', f'"{id}"').replace('"county"', f'"{level}"')
    return load_pack(draft(identity=more.pop("identity", text), **more))


def lists(*tables: tuple[str, str, str]) -> list[MatterList]:
    """Lists from (id, further lines of its table, its items as ``title`` or ``title,ground``)."""
    page, files = "", {}
    for id, more, items in tables:
        kinds = "" if "kinds" in more else 'kinds = ["certificate"]\n'
        page += (
            f'[[list]]\nid = "{id}"\njurisdiction = "990102"\ntitle = "{id}"\n{kinds}'
            f'instrument = "办法（虚构）"\ngrade = "fictional"\nsource = "虚构"\n'
            f'file = "{id}.csv"\n{more}\n'
        )
        body = "".join(
            f"{id}-{n},{title},办法（虚构）,fictional,虚构\n"
            for n, title in enumerate(items.split("/"))
        )
        files[f"{id}.csv"] = f"id,title,basis,grade,source\n{body}".encode()
    return parse_lists(page.encode(), files)
