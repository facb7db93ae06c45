"""经费疑点 findings about money: one catalogue of all of them, and those that no other room opens.

For: what every finding about money is called, in the light of which clause; entries confirmed by
who recorded them, money on its way too long, spending without any paper.
Not for: what spending, statements, arrears and the turning of a year bring to light (their rooms).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``catalogue.py``.
"""
