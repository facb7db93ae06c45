"""应付与清算 what is owed to communities today, what is late, held, given back and cleared (P4, E6).

For: arrears and their clock, holds at the street, clearances, and what of them the gates are told.
Not for: moving money in the books (``ledger``); what treasury and bank say (``reconciling``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``reckoning.py``, then ``lateness.py``.
"""
