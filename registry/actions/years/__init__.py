"""年度 what a ledger opens with, and how a year of it is closed: 期初 and 年终结转 (P11, P17).

For: opening balances brought in by sheet and signed by both sides; the rehearsal and the closing
    of a year, community by community; what was there before going on with what is admitted.
Not for: vouchers that people record (``ledger``), figures of many communities (``statements``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``closing.py``, then ``bringing.py``.
"""
