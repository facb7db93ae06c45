"""封存 what lets others check a county's log without us: checkpoints, proofs, receipts, witnesses.

For: the log's keys and their rotation, signing and showing checkpoints, proofs out of the tree,
witnessing others and being witnessed.
Not for: the arithmetic of the tree and the texts (``domain/merkle``, ``checkpoint``); exports.
May import: registry.store, registry.policies, registry.domain, registry.gateways
Start reading at: ``checkpointing.py``.
"""
