"""领域 the rules of the world, without the world.

For: msgspec structs and pure functions, one file per subject.
Not for: clock, disk, network, SQL, HTTP, Casbin.
May import: nothing else of the registry.
Start reading at: ``request.py`` (what is filed), then ``admission.py`` (how it is judged).
"""
