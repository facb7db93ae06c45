"""抽样 which of many are looked at: drawn by seed, so that anybody draws the same again.

By count 按笔数: each id stands at the place of SHA-256(seed ‖ 0x00 ‖ id), and the first n are drawn.
By amount 按金额 (货币单元抽样):
in order of their ids the amounts are laid end to end; from a start within the
first interval every interval-th 分 picks the record in which it lies, so that a record that is
larger than the interval is always picked. In layers 分层: each layer is drawn by itself.

In five lines, for whoever checks it::

    order = sorted(ids, key=lambda id: sha256(seed.encode() + b"\\0" + id.encode()).digest())
    by_count = order[:n]
    step = max(1, total // n); at = int(sha256(seed.encode()).hexdigest(), 16) % step
    for id in sorted(ids): end += amount[id]; pick id if some at + k·step lies before end, and
    not before where it began (k = 0 … n − 1)
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple


class Method(StrEnum):
    """抽样方法."""

    COUNT = "count"
    """按笔数: each record as likely as any other."""
    AMOUNT = "amount"
    """按金额(货币单元抽样): each 分 as likely as any other."""


class Drawn(NamedTuple):
    """总体中的一笔: what one record brings to a draw."""

    id: str
    amount_fen: int = 0
    layer: str = ""


def draw(method: Method, seed: str, population: Iterable[Drawn], size: int) -> list[str]:
    """The ids drawn, in order of the ids.

    Args:
        size: how many are wanted; by amount a large record may stand for several of them.
    """
    rows = sorted(population)
    found = (
        by_count(seed, [row.id for row in rows], size)
        if method is Method.COUNT
        else by_amount(seed, {row.id: row.amount_fen for row in rows}, size)
    )
    return sorted(found)


def layered(
    method: Method, seed: str, population: Iterable[Drawn], size: int
) -> dict[str, list[str]]:
    """分层: of each layer as many as its share of ``size``, rounded up; by layer."""
    rows = list(population)
    layers: dict[str, list[Drawn]] = {}
    for row in rows:
        layers.setdefault(row.layer, []).append(row)
    weigh = _money if method is Method.AMOUNT else len
    whole = weigh(rows)
    return {
        name: draw(method, f"{seed}/{name}", layers[name], _share(weigh(layers[name]), whole, size))
        for name in sorted(layers)
    }  # fmt: skip


def by_count(seed: str, ids: Sequence[str], size: int) -> list[str]:
    """The first of the order that the seed gives."""
    begun = seed.encode() + b"\x00"
    return sorted(ids, key=lambda id: sha256(begun + id.encode()).digest())[:size]


def by_amount(seed: str, amounts: Mapping[str, int], size: int) -> list[str]:
    """The records in which every interval-th 分 lies."""
    total = sum(fen for fen in amounts.values() if fen > 0)
    if not total or size < 1:
        return []
    step = max(1, total // size)
    hit = int(sha256(seed.encode()).hexdigest(), 16) % step
    found, end, left = [], 0, size
    for id in sorted(amounts):
        end += max(0, amounts[id])
        if left and hit < end:
            found.append(id)
            passed = min(left, (end - 1 - hit) // step + 1)
            hit, left = hit + passed * step, left - passed
    return found


def _money(rows: Sequence[Drawn]) -> int:
    return sum(max(0, row.amount_fen) for row in rows)


def _share(part: int, whole: int, size: int) -> int:
    return -(-part * size // whole) if whole else 0
