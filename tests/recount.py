"""另算一遍 what a journal comes to by another program: run in that program's own environment.

``python recount.py FILE`` in the environment that has beancount prints its errors and the sum of
every account, 分, as JSON.
"""

import json
import sys
from decimal import Decimal


def main() -> int:
    from beancount import loader
    from beancount.core import data

    entries, errors, _ = loader.load_file(sys.argv[1])
    sums: dict[str, Decimal] = {}
    for entry in data.filter_txns(entries):
        for posting in entry.postings:
            held = sums.get(posting.account, Decimal())
            sums[posting.account] = held + posting.units.number
    told = {name: int(amount * 100) for name, amount in sums.items()}
    exact = all(amount * 100 == told[name] for name, amount in sums.items())
    json.dump({"errors": [str(e) for e in errors], "exact": exact, "sums": told}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
