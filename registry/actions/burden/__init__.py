"""负担 what each community carries: items, hours, boards, papers, reports, meetings (M26, P9).

For: the figures of a day, of two days, over time; beside the county's median, never in an order.
Not for: capping what is added (``counting``); what the public sees (``publicity``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``weighing.py``.
"""
