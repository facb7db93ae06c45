"""经费页 pages of money: the chain of an item, entries, what is owed, statements, statements of banks.

For: finance, the units that pay, streets and communities, each as far as they may read vouchers.
Not for: reckoning: every figure is the answer of an action, and every act goes by its own form.
May import: registry.api, registry.actions, registry.domain, registry.web
Start reading at: ``books.py`` (what is read), then ``bank.py`` (what is brought in and matched).
"""
