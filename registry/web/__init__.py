"""页面 pages for officials, communities and residents: forms and links in front of the same acts.

For: signing in, reading and acting from a browser; with scripts, without them, by keyboard, on a
phone. A page knows no act of its own: it fills in the command of an act of the table, and shows
what came of it.
Not for: deciding, SQL, another way to do what the API does.
May import: registry.api, registry.actions, registry.policies, registry.domain
Start reading at: ``routes.py`` (every page), then ``serving.py`` (how one page is answered),
``forms/`` (how a command becomes a form, and a form a command).
"""
