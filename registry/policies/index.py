"""索引 which rows of a table match: a tree of columns made once, bit masks at its leaves.

Each branch asks one column and keeps only the rows that can still match, so a leaf asks few
columns: one bit mask per column and value, ANDed. Nothing is remembered between two questions.
"""

from collections.abc import Iterable, Mapping, Sequence

from registry.domain.records import Wire

Row = Sequence[str]

ANY = "*"
_SMALL = 512
"""Rows up to which every leaf speaks of the whole table's bits; above, of its own rows only."""
_BRANCH, _COLUMN = 6, 9
"""What a branch and a column of a leaf cost, by experience; only their proportion counts."""
_WORD_BITS = 6
"""Every 64 rows more make a mask one word longer."""
_NODES = 256
"""Branches and leaves of one table at most: memory."""


class Term(Wire, frozen=True, kw_only=True):
    """匹配项: one part of a matcher: a fact of the request held against a cell of the row."""

    column: int
    """Position of the fact in the request."""
    cell: int
    """Position of the cell in the row."""
    star: bool
    """Whether ``*`` in the row means any; elsewhere it is a word like another."""
    links: Mapping[tuple[str, str], tuple[str, ...]] | None = None
    """Role graphs: (subject, domain) → everything the subject holds, itself left out."""
    domain: int | None = None
    """Position of the request's domain, where the graph has domains."""


class Leaf:
    """叶: the rows that are left, asked column by column."""

    def __init__(self, positions: tuple[int, ...] | None, every: int) -> None:
        self.positions, self.every = positions, every
        self.columns: list[tuple[int, dict[str, int], int]] = []
        self.roles: list[tuple[Term, dict[str, int], int]] = []

    def live(self, facts: Row) -> int:
        """The rows that match, as bits."""
        found = self.every
        for column, masks, rest in self.columns:
            found &= masks.get(facts[column], rest)
        for term, masks, rest in self.roles:
            found &= held(term, masks, facts) | rest
        return found


class Branch:
    """枝: one column asked."""

    def __init__(self, column: int, rest: "Branch | Leaf") -> None:
        self.column, self.rest = column, rest
        self.by_value: dict[str, Branch | Leaf] = {}


class _Parted(Wire, frozen=True, kw_only=True):
    """分组: rows by what they ask of one column."""

    column: int
    by_value: dict[str, tuple[int, ...]]
    rest: tuple[int, ...]

    @property
    def held(self) -> int:
        """Rows in all groups together."""
        return len(self.rest) + sum(map(len, self.by_value.values()))


def held(term: Term, masks: Mapping[str, int], facts: Row) -> int:
    """The rows whose role the subject is or holds, in its domain."""
    subject = facts[term.column]
    found = masks.get(subject, 0)
    domain = "" if term.domain is None else facts[term.domain]
    assert term.links is not None
    for role in term.links.get((subject, domain), ()):
        found |= masks.get(role, 0)
    return found


class Index:
    """索引 of one table. ``find`` is the whole of a question; the rest is made beforehand."""

    def __init__(self, rows: Sequence[Row], terms: Sequence[Term]) -> None:
        self._rows, self._terms = rows, terms
        self.size = len(rows)
        self._whole = len(rows) <= _SMALL
        self._nodes = _NODES
        self._plain = [t for t in terms if t.links is None]
        self._asks = [self._asked_by(row) for row in rows]
        self.root = self._grow(tuple(range(len(rows))))

    def find(self, facts: Row) -> tuple[Leaf, int]:
        """The leaf that the facts lead to, and its rows that match, as bits."""
        node = self.root
        while type(node) is Branch:
            node = node.by_value.get(facts[node.column], node.rest)
        assert isinstance(node, Leaf)
        return node, node.live(facts)

    def mask(self, facts: Row) -> int:
        """The rows that match, as bits of the whole table."""
        node = self.root  # as in ``find``, without a call: this is asked for every verdict
        while type(node) is Branch:
            node = node.by_value.get(facts[node.column], node.rest)
        assert isinstance(node, Leaf)
        found = node.live(facts)
        if node.positions is None:
            return found
        whole = 0
        for bit in bits(found):
            whole |= 1 << node.positions[bit]
        return whole

    def matches(self, facts: Row) -> list[int]:
        """Positions of the rows that match, in table order."""
        leaf, found = self.find(facts)
        if leaf.positions is None:
            return bits(found)
        return [leaf.positions[bit] for bit in bits(found)]

    def _asked_by(self, row: Row) -> int:
        """The columns that this row asks anything of, as bits."""
        asked = 0
        for term in self._plain:
            if not (term.star and row[term.cell] == ANY):
                asked |= 1 << term.column
        return asked

    def _grow(self, rows: tuple[int, ...], settled: int = 0) -> Branch | Leaf:
        """A leaf, or the branch that leaves least to ask."""
        best, chosen = self._cost(rows, settled), None
        used = self._used(rows) & ~settled
        for term in self._plain:
            if not used >> term.column & 1:
                continue
            parted = self._parted(rows, term)
            cost = _BRANCH + self._expected(parted, settled | 1 << term.column)
            if cost < best and parted.held <= max(_SMALL, 2 * self.size):
                best, chosen = cost, parted
        if chosen is None or self._nodes <= len(chosen.by_value):
            return self._leaf(rows, settled)
        self._nodes -= len(chosen.by_value)
        settled |= 1 << chosen.column
        branch = Branch(chosen.column, self._grow(chosen.rest, settled))
        for value, left in chosen.by_value.items():
            branch.by_value[value] = self._grow(left, settled)
        return branch

    def _parted(self, rows: tuple[int, ...], term: Term) -> "_Parted":
        """The rows by the value that they ask for, those that ask for none among each."""
        by_value: dict[str, list[int]] = {}
        rest: list[int] = []
        for position in rows:
            value = self._rows[position][term.cell]
            own = rest if term.star and value == ANY else by_value.setdefault(value, [])
            own.append(position)
        return _Parted(
            column=term.column,
            by_value={value: tuple(sorted([*own, *rest])) for value, own in by_value.items()},
            rest=tuple(rest),
        )

    def _expected(self, parted: "_Parted", settled: int) -> int:
        """Cost after a branch, values weighing as many rows as can match them."""
        parts = [*parted.by_value.values(), parted.rest]
        costs = (len(left) * self._cost(left, settled) for left in parts)
        return sum(costs) // (parted.held or 1)

    def _cost(self, rows: tuple[int, ...], settled: int) -> int:
        columns = (self._used(rows) & ~settled).bit_count()
        return columns * (_COLUMN + (len(rows) >> _WORD_BITS))

    def _used(self, rows: Iterable[int]) -> int:
        used = 0
        for position in rows:
            used |= self._asks[position]
        return used

    def _leaf(self, rows: tuple[int, ...], settled: int) -> Leaf:
        self._nodes -= 1
        places = {p: p for p in rows} if self._whole else {p: i for i, p in enumerate(rows)}
        leaf = Leaf(None if self._whole else rows, sum(1 << i for i in places.values()))
        used = self._used(rows) & ~settled
        for term in self._terms:
            if term.links is None and not used >> term.column & 1:
                continue
            masks, rest = self._masks(places, term)
            if term.links is not None:
                leaf.roles.append((term, masks, rest))
            else:
                merged = {value: mask | rest for value, mask in masks.items()}
                leaf.columns.append((term.column, merged, rest))
        # The column that leaves fewest rows first: what follows is ANDed with small numbers.
        leaf.columns.sort(key=lambda one: one[2].bit_count())
        return leaf

    def _masks(self, places: Mapping[int, int], term: Term) -> tuple[dict[str, int], int]:
        masks: dict[str, int] = {}
        rest = 0
        for position, bit in places.items():
            value = self._rows[position][term.cell]
            if term.star and value == ANY:
                rest |= 1 << bit
            else:
                masks[value] = masks.get(value, 0) | 1 << bit
        return masks, rest


def bits(mask: int) -> list[int]:
    """Positions of the set bits, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
