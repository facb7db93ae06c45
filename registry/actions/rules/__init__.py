"""规则 packs, lists, instruments and exceptions as the register keeps and publishes them.

For: the life of a pack, exceptions, instruments, what time ends.
Not for: what a rule says (``registry.policies``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``rulebooks.py``.
"""
