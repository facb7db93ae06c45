"""决定之后 what may still become of a decision: changed, corrected, void, revoked, reviewed.

For: acts on a case that was decided, and what they bring about.
Not for: the way to the decision.
May import: registry.store, registry.policies, registry.domain
Start reading at: ``settled.py``.
"""
