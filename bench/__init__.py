"""速度 what the registry's speed is, measured on the machine at hand; `make bench` prints it.

For: figures with their scale. Not for: tests; no figure here ever fails a build.
Start reading at: ``__main__.py``.
"""
