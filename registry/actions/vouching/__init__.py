"""准入通知书 notices that open a door, the keys that sign them, and what is told of them in public.

For: issuing and renewing notices, keeping keys, the signed status of a day.
Not for: how a page or a QR is drawn.
May import: registry.store, registry.policies, registry.domain
Start reading at: ``issuing.py``.
"""
