"""进驻之后 what befalls a matter that lives in a community: suspended, accepted, renewed, leaving.

For: acts on presences once they are there, and what time brings to them.
Not for: how one enters (``entering``) and starts (``presences``), its money (``funding``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``departing.py``.
"""
