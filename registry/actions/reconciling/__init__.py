"""对账 every payment to streets and communities, held against what the ledger says of it (P21, P22).

For: statements of treasury and banks, their lines matched, classed or asked about, what stands on
one side only, money from other sources.
Not for: vouchers themselves (``actions/ledger``), payments on their way (``actions/paying``).
May import: registry.store, registry.gateways, registry.policies, registry.domain
Start reading at: ``taking.py``, then ``pairing.py``.
"""
