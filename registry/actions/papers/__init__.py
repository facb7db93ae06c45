"""公文 papers made of records as they stand: one thing in words, then a page, a docx, a PDF.

For: what P32 names: 审批表, notices, decisions, agreements, lists to hand over; blank forms with a
number of their own; the whole file of a closed case (归档包).
Not for: deciding, numbering a decision, or saying what the record does not hold.
May import: registry.store, registry.policies, registry.domain
Start reading at: ``kinds.py`` (every paper there is), then ``book.py`` (what a maker is given).
"""
