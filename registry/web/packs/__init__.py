"""规则包编修页 a rule pack written, checked, tested, compared and proposed from a browser.

Start at ``pages.py`` (the packs there are), then ``drafts.py`` (where a working draft lives) and
``editing.py`` (its tables, settings and texts).
"""
