"""救济 what a community may do against what should not be: object, decline, carry on under reserve,
complain.

For: objections and their answers, refusals, reservations, complaints and who handles them.
Not for: the way to a decision, or what is reviewed after one (``afterwards``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``subjects.py``.
"""
