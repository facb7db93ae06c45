"""说明 why a verdict is what it is, and the smallest change of substance that passes.

For: what decided over what, what nearly matched, the way to yes.
Not for: deciding: every way is judged again by ``judge.py`` before it is told.
May import: registry.domain
Start reading at: ``explain.py``, then ``remedy.py``.
"""
