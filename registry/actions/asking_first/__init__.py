"""事前询问 another office's system asks whether something may be asked of a community, first.

For: reading such a question as a filing, answering it by the precheck, searching, the way to yes.
Not for: HTTP; deciding anything, which only a person of the deciding body does.
May import: registry.domain, registry.policies, registry.store
Start reading at: ``answering.py``.
"""
