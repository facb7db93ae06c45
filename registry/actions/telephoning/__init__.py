"""电话代录 acts of a community that its street enters by what it was told on the telephone (P9).

For: whose right such an act rests on, how it stands in the log, how the community checks it.
Not for: what the acts do; complaints, whose source is protected (``redress``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``taking.py``.
"""
