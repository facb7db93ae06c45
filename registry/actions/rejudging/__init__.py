"""重判 what is on record judged anew: by a draft (试算), or when rules begin or end (再评估).

For: walking many cases with little memory, and what follows from a changed answer.
Not for: judging one filing (``judging``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``restating.py``.
"""
