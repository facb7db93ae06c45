"""计量 code computes facts: a filing, lists, the register and a pack's numbers become named values.

For: one word for each column of the decision table.
Not for: deciding anything on it.
May import: registry.domain
Start reading at: ``facts.py`` (rows of facts of a matter).
"""
