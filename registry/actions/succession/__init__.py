"""承继 who and what comes after whom: handovers and reorganisations.

For: the plan of a change, and carrying it out as it was seen.
Not for: looking an heir up (``places``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``planning.py``.
"""
