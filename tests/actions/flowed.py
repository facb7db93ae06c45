"""换流程 the demo county under a pack with another flow, so that a test can run it."""

from datetime import date
from pathlib import Path
from typing import Any

from registry.actions.office import Answer
from registry.domain.pack import PackState, PublishedPack
from registry.policies.loader import load_pack, read_folder
from tests.actions.case import Hands

DEMO = Path("registry/policies/packs/demo-county")
STREET = {"key": "decide", "act": "decide", "bodies": ["street"]}
OFFICE = {"key": "decide", "act": "decide", "bodies": ["admission_office"]}
CITY = {"key": "ratify", "act": "ratify", "bodies": ["city_office"]}
CITY_BODY = """[bodies.city_office]
name = "市准入办(演示)"
function = "admission_office"
family = "city"
"""


def step(**fields: Any) -> str:
    """One step of the flow as the pack writes it."""
    told = {"name": fields["key"], **fields}
    return "[[flow.step]]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in told.items())


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | list) else f'"{value}"'


def flow(*steps: dict[str, Any], id: str = "tried", **fields: Any) -> str:
    """The only flow of the pack."""
    head = "".join(f"{k} = {_toml(v)}\n" for k, v in {"id": id, "name": id, **fields}.items())
    return "[[flow]]\n" + head + "".join(step(**s) for s in steps)


def files_with(flow_text: str, *, replace: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
    """The demo county's files with this flow for everything."""
    files = read_folder(DEMO)
    text = files["pack.toml"]
    first, after = text.index("[[flow]]"), text.index("[clock.decide_in]")
    text = text[:first] + CITY_BODY + flow_text + "\n" + text[after:]
    for old, new in replace:
        assert old in text, old
        text = text.replace(old, new, 1)
    name = flow_text.split('id = "')[1].split('"', maxsplit=1)[0]
    routes = files["routes.csv"].splitlines()[0] + f"\np,*,*,*,*,*,*,allow,{name}\n"
    return {**files, "pack.toml": text, "routes.csv": routes}


def in_force(hand: Hands, files: dict[str, str], since: date = date(2026, 2, 1)) -> None:
    """Put files in force in the demo county from a day on: how they get there is not tried here."""
    name = f"demo-county-{since:%Y%m%d}"
    files = {n: t for n, t in files.items() if not n.startswith("cases/")}
    files["pack.toml"] = files["pack.toml"].replace('id = "demo-county"', f'id = "{name}"')
    files["pack.toml"] = files["pack.toml"].replace(
        "effective_from = 2025-01-01", f"effective_from = {since}"
    )
    pack = load_pack(files)
    record = PublishedPack(
        county="990102", id=name, name="演示", level="county",
        state=PackState.PUBLISHED, parent="cn-base", digest=pack.digest, effective_from=since,
        files=files, proposed_by="a", published_by="b",
    )  # fmt: skip
    hand("county.head").do(lambda desk: Answer(body=desk.unit.add(record)))
