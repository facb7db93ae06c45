"""审计办理 whoever looks closer: projects, the life of a finding, papers, samples, issued documents.

For: 审计项目 and 调阅函 that open the books for their people and end by themselves; the life of a
finding from 疑点 to 销号; lists of issued documents; samples that anybody can draw again.
Not for: what opens and closes findings (``doubting``), the log's proofs (``sealing``).
May import: registry.store, registry.policies, registry.domain
Start reading at: ``projects.py``.
"""
