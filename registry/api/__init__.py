"""接口 JSON for programs: one door in front of the actions.

For: reading HTTP strictly, calling one action, answering JSON or problem+json.
Not for: deciding, SQL, pages.
May import: registry.actions, registry.domain
Start reading at: ``routes.py`` (every path), then ``serving.py`` (how one request is answered).
"""
