"""日志入口 checkpoints, keys and tiles for anybody; proofs for who audits; receipts for who may read.

What is public holds hashes only: the entries are salted, and are read under ``/events`` alone.
"""

import re
from collections.abc import Callable
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from registry.actions import reading
from registry.actions.office import Office
from registry.actions.sealing import checkpointing, keys, proving, tiles
from registry.api import samples
from registry.api.asked import Asked, bad_query
from registry.api.operations import Operation, errors_of, parameter
from registry.api.serving import COUNTY, Work, aside, door, told
from registry.domain.errors import Refusal
from registry.domain.hashing import SHA256, SM3, TREES
from registry.domain.records import Wire
from registry.domain.sealing import LogKey, ProofOf, ShownCheckpoint

LOG = "/log/{id}"
TREE_PATHS = {SHA256: LOG, SM3: f"{LOG}/sm3"}
PROOFS, RECEIPT, CHECKPOINTS = "/proofs", "/decisions/{id}/receipt", "/checkpoints"
TEXT = "text/plain; charset=utf-8"
OCTETS = "application/octet-stream"
PROVEN = frozenset({"seq", "from", "to", "tree"}) | COUNTY
LISTED = frozenset({"after", "limit", "tree"}) | COUNTY
PAGE, MOST = 50, 500
_NONE: frozenset[str] = frozenset()
_SIZE = re.compile(r"[1-9][0-9]{0,15}")
_FRESH = {"cache-control": "no-cache", "access-control-allow-origin": "*"}
_FOR_GOOD = {
    "cache-control": "public, max-age=31536000, immutable", "access-control-allow-origin": "*",
}  # fmt: skip
"""A full tile never changes."""


class CheckpointList(Wire, frozen=True, kw_only=True):
    """检查点一页, smallest first; ``keys`` = the log's keys, oldest first."""

    items: list[ShownCheckpoint]
    next: str | None = None
    keys: list[LogKey]


def checkpoint(office: Office, tree: str) -> Work:
    """What ``GET /log/{county}/checkpoint`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        shown = await aside(checkpointing.shown, office, asked.id, tree)
        headers = _FRESH | {"x-witnesses": f"{shown.witnesses}/{shown.at_least}"}
        return ASGIResponse(body=shown.note.encode(), media_type=TEXT, headers=headers)

    return work


def log_keys(office: Office) -> Work:
    """What ``GET /log/{county}/keys`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        held = await aside(keys.kept, office, asked.id)
        if not held:
            raise Refusal(checkpointing.EMPTY)
        return ASGIResponse(body=keys.keys_text(held).encode(), media_type=TEXT, headers=_FRESH)

    return work


def tile(office: Office, tree: str) -> Work:
    """What ``GET /log/{county}/tile/…`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        path = str(asked.request.path_params["tile"]).strip("/")
        wanted = tiles.parse_tile(path)
        body = await aside(tiles.read, office, asked.id, tree, wanted)
        headers = _FOR_GOOD if wanted.full else _FRESH
        return ASGIResponse(body=body, media_type=OCTETS, headers=headers)

    return work


def proof(office: Office) -> Work:
    """What ``GET /proofs`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        return told(await aside(_proof, office, asked))

    return work


def _proof(office: Office, asked: Asked) -> ProofOf:
    actor, tree = asked.actor(), _tree(asked)
    county = asked.county or actor.county
    seq, old, new = (_size(asked, name) for name in ("seq", "from", "to"))
    if (seq is None) == (old is None) or (seq is not None and new is not None):
        raise bad_query("seq", "须写明 seq，或者 from 和 to", "either seq, or from and to")
    note = {n: v for n, v in (("seq", seq), ("from", old), ("to", new)) if v is not None}
    proving.asked(office, actor, county, dict(note))
    if seq is not None:
        return proving.of_entry(office, county, seq, tree=tree)
    return proving.of_growth(office, county, old or 0, new, tree=tree)


def receipt(office: Office) -> Work:
    """What ``GET /decisions/{id}/receipt`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        def made() -> str:
            return proving.receipt(office, asked.actor(), asked.id, asked.county)

        name = f'attachment; filename="{asked.id}.tlog-proof"'
        body = (await aside(made)).encode()
        return ASGIResponse(body=body, media_type=TEXT, headers={"content-disposition": name})

    return work


def listed(office: Office) -> Work:
    """What ``GET /checkpoints`` does."""

    async def work(asked: Asked) -> ASGIResponse:
        return told(await aside(_listed, office, asked))

    return work


def _listed(office: Office, asked: Asked) -> CheckpointList:
    if asked.county is None:
        raise bad_query("county", "须写明", "it is needed")
    limit, after = _size(asked, "limit") or PAGE, _size(asked, "after") or 0
    if limit > MOST:
        raise bad_query("limit")
    found = checkpointing.listed(office, asked.county, _tree(asked), size=after, many=limit + 1)
    more = len(found) > limit
    return CheckpointList(
        items=found[:limit], next=str(found[limit - 1].size) if more else None,
        keys=keys.told(office, asked.county),
    )  # fmt: skip


def _tree(asked: Asked) -> str:
    tree = asked.query.get("tree", SHA256)
    if tree not in TREES:
        raise bad_query("tree", f"只能填 {'、'.join(TREES)}", f"one of: {', '.join(TREES)}")
    return tree


def _size(asked: Asked, name: str) -> int | None:
    text = asked.query.get(name)
    if text is not None and not _SIZE.fullmatch(text):
        raise bad_query(name, "须为正整数", "a whole number from 1 on")
    return None if text is None else int(text)


def doors(office: Office, api: str) -> list[HTTPRouteHandler]:
    """Every route of these."""

    def get(path: str, work: Work, parameters: frozenset[str]) -> HTTPRouteHandler:
        path = path.replace("{id}", "{id:str}").replace("{tile}", "{tile:path}")
        return door(office, "GET", path, work, parameters=parameters)

    made = [
        get(api + PROOFS, proof(office), PROVEN),
        get(api + RECEIPT, receipt(office), COUNTY),
        get(api + CHECKPOINTS, listed(office), LISTED),
        get(f"{LOG}/keys", log_keys(office), _NONE),
    ]
    for tree, path in TREE_PATHS.items():
        made.append(get(f"{path}/checkpoint", checkpoint(office, tree), _NONE))
        made.append(get(f"{path}/tile/{{tile}}", tile(office, tree), _NONE))
    return made


def operations(api: str) -> list[Operation]:
    """How the document tells of them."""
    county = parameter("id", place="path", required=True, example="990102")
    part = parameter("tile", place="path", required=True, example="0/000.p/1")
    public: list[Operation] = [
        _public(f"{LOG}/keys", "log.keys", ("日志公钥", "The log's keys"), [county]),
    ]
    for tree, path in TREE_PATHS.items():
        words = (f"检查点（{tree}）", f"The last checkpoint of a county's log, {tree}")
        public.append(_public(f"{path}/checkpoint", f"log.checkpoint.{tree}", words, [county]))
        words = (f"日志树瓦片（{tree}，只有杂凑值）", f"Hashes of the tree by tiles, {tree}")
        public.append(
            _public(f"{path}/tile/{{tile}}", f"log.tile.{tree}", words, [county, part],
                    media=OCTETS)
        )  # fmt: skip
    return [
        Operation(
            path=api + PROOFS, method="GET", id="proofs", answers=ProofOf,
            zh="证明：条目在日志中（seq），或日志只增不改（from、to）",
            en="Proof that an entry stands in the log, or that the log only grew",
            example=samples.sample(ProofOf), parameters=_sized("seq", "from", "to"),
            errors=errors_of(proving, checkpointing, keys, reading),
        ),
        Operation(
            path=api + RECEIPT, method="GET", id="decisions.receipt", media="text/plain",
            zh="决定回执（tlog-proof，含条目）", en="Receipt of a decision, a tlog-proof",
            parameters=[parameter("id", place="path", required=True), parameter("county")],
            errors=errors_of(proving, checkpointing, keys, reading),
        ),
        Operation(
            path=api + CHECKPOINTS, method="GET", id="checkpoints.list", answers=CheckpointList,
            zh="历次检查点", en="Every checkpoint there was", open=True,
            example=samples.sample(CheckpointList), parameters=_sized("after", "limit"),
            errors=errors_of(checkpointing),
        ),
        *public,
    ]  # fmt: skip


def _public(
    path: str, id: str, words: tuple[str, str], parameters: list[dict[str, Any]], *,
    media: str = "text/plain",
) -> Operation:  # fmt: skip
    return Operation(
        path=path, method="GET", id=id, zh=words[0], en=words[1], media=media, open=True,
        parameters=parameters, errors=errors_of(checkpointing, tiles),
    )  # fmt: skip


def _sized(*names: str) -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1}
    made: Callable[[str], dict[str, Any]] = lambda name: {  # noqa: E731
        "name": name, "in": "query", "required": False, "schema": number,
    }  # fmt: skip
    tree = {"name": "tree", "in": "query", "schema": {"enum": list(TREES)}, "required": False}
    return [*(made(name) for name in names), tree, parameter("county")]
