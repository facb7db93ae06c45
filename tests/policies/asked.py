"""事实 handed straight to the decider: rows of facts without a filing, and many of them by chance."""

import random
from collections.abc import Iterator, Sequence

from registry.domain.admission import FACTS, QUIET, Vector
from registry.domain.vocabulary import Receiver
from registry.policies.measuring.facts import Rows

PLAIN = {column: values[0] for column, values in FACTS.items()} | QUIET | {"standing": "off"}


def vector(**facts: str) -> Vector:
    """One row of facts: off every list, the first value wherever nothing is said."""
    unknown = set(facts) - set(FACTS)
    assert not unknown, unknown
    return tuple((PLAIN | facts)[column] for column in FACTS)


def rows(*vectors: Vector) -> Rows:
    """Rows of facts as a matter, with nothing behind them."""
    at = list(FACTS).index("receiver")
    return Rows(
        vectors=[(Receiver(one[at]), one) for one in vectors], behind={}, suggestions=[], basis={}
    )


def by_chance(
    table: Sequence[Sequence[str]], count: int, chance: random.Random
) -> Iterator[Vector]:
    """Rows of facts, most of them made to meet a row of the table, some to miss it by one fact."""
    columns = list(FACTS.values())
    for _ in range(count):
        wanted = chance.choice(table)
        made = [
            value if value != "*" and chance.random() < 0.97 else chance.choice(words)
            for value, words in zip(wanted, columns, strict=True)
        ]
        yield tuple(made)
