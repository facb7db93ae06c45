"""经费账 the ledger: vouchers are recorded, confirmed, reversed; no account is ever overdrawn.

For: every act that moves money in the books, and the figures read from them.
Not for: calling a treasury or reading bank files (``paying``, ``reconciling``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``recording.py``, then ``posting.py``.
"""
