"""预算 the budget behind the money: the code tables of a year, indicators, standards a head.

For: recording and confirming indicators, bringing in tables, what is split and what is short.
Not for: the vouchers that draw on an indicator (``ledger``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``indicating.py``.
"""
