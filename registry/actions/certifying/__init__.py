"""出具证明 what the seal may certify: looked up, told on a slip, counted, and proposed to be amended.

For: the answer at the door, the register of demands and of the seal, 提请修改.
Not for: filings for a certificate (``submitting``); deciding by ``if`` what the table decides.
May import: registry.store, registry.policies, registry.domain
Start reading at: ``answering.py``.
"""
