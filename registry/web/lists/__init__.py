"""清单编修页 a list written, checked, compared, tried on the cases and proposed from a browser.

Start at ``pages.py`` (the lists there are, and one text on its way), then ``drafts.py`` (where a
working text lives), ``editing.py`` (its rows) and ``bringing.py`` (sheets, and the proposal).
"""
