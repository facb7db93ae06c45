"""评价与清退 whether residents are satisfied, how departments are rated, what should leave.

For: satisfaction as counts, anonymous one-time codes, figures, yearly reviews, residents' reports.
Not for: leaving and renewing themselves (``living``), complaints of communities (``redress``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``satisfying.py``.
"""
