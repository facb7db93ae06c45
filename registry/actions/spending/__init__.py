"""支出与报账 who was paid, for what, on whose signatures; claims of a community; what looks odd.

For: particulars of what is spent, advanced and repaid, second approvers, claims, findings of them.
Not for: the accounts themselves (``ledger``), statements of banks (``reconciling``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``recording.py``.
"""
