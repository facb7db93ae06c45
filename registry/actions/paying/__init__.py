"""国库支付 a dispatch that the treasury carries out: queued, sent, settled or voided.

For: keeping the payment with its dispatch, calling between two acts, recording what came of it.
Not for: speaking HTTP; confirming by hand; deciding what may be dispatched.
May import: registry.store, registry.gateways, registry.policies, registry.domain
Start reading at: ``queueing.py`` (how a payment comes to be), then ``carrying.py``.
"""
