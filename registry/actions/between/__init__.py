"""环节之间 what happens to a case between its steps: passed on, added to, sent back, taken back.

For: acts on tasks and steps, and the laying out of steps anew.
Not for: what a body says in a step (``voting``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``trail.py``.
"""
