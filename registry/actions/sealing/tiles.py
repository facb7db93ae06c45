"""瓦片 the hashes of a log's tree in files of 256, as C2SP tlog-tiles names them: hashes only, never
entries, which are not public. Nothing is given out beyond what the last checkpoint covers.
"""

import re
from typing import NamedTuple

from registry.actions.office import Office
from registry.domain.errors import Refusal, RefusalKind, declare
from registry.domain.merkle import KEPT_EVERY
from registry.store import checkpoints
from registry.store.nodes import BLOCK, Leaves

NO_TILE = declare("log.tile", RefusalKind.MISSING, "没有这一片", "No such tile.")
_PATH = re.compile(r"([0-9]|[1-5][0-9])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """瓦片 by level (of eight), number and width."""

    level: int
    number: int
    width: int

    @property
    def full(self) -> bool:
        """It never changes."""
        return self.width == BLOCK


def parse_tile(path: str) -> Tile:
    """``<L>/<N>[.p/<W>]``.

    Raises:
        Refusal: ``log.tile``.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise Refusal(NO_TILE)
    number = int(found[2].replace("x", "").replace("/", ""))
    width = int(found[3]) if found[3] else BLOCK
    tile = Tile(int(found[1]), number, width)
    if tile_path(tile) != path or width > BLOCK - bool(found[3]):
        raise Refusal(NO_TILE)
    return tile


def tile_path(tile: Tile) -> str:
    """The one path of a tile."""
    digits = str(tile.number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"{tile.level}/{name}" + ("" if tile.full else f".p/{tile.width}")


def read(office: Office, county: str, tree: str, tile: Tile) -> bytes:
    """The hashes of a tile, one after another.

    Raises:
        Refusal: ``log.tile``.
    """
    first = tile.number * BLOCK
    with office.store.settled() as connection:
        last = checkpoints.latest(connection, county, tree)
        size = last.size if last else 0
        if first + tile.width > size >> tile.level * KEPT_EVERY:
            raise Refusal(NO_TILE)
        hashes = Leaves(connection, county, tree).kept(tile.level * KEPT_EVERY, first, tile.width)
    return b"".join(hashes)
