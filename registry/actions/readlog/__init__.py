"""阅读留痕 reading is on record: pages per sitting in a log of its own, opened cases in the county's.

For: what auditors and inspectors read, written beside the request path; reading that log.
Not for: what ordinary officials read: of nobody's time at the desk is a record kept (P9).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``gathering.py``.
"""
