"""报表打印 a statement as one page to print, without any program in it."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from registry.actions.statements.sheeting import (
    amounts,
    before_sum,
    headings,
    headlines,
    sums,
    texts,
)
from registry.domain.amounts import told_yuan
from registry.domain.funds import Chain
from registry.domain.statement import Statement

STYLE = (
    "body{font-family:FangSong,serif;margin:2rem;overflow-wrap:anywhere}"
    "h1{text-align:center;font-size:1.4rem}.wide{overflow-x:auto}.wide table{min-width:60rem}"
    "p{margin:.2rem 0}table{border-collapse:collapse;width:100%;font-size:.75rem}"
    "th,td{border:1px solid #000;padding:.15rem .3rem;min-width:6em}"
    "td.n{text-align:right;white-space:nowrap}"
    "tfoot td{font-weight:bold}footer{margin-top:2rem;display:flex;"
    "flex-wrap:wrap;gap:1rem 6rem}"
    "@page{size:A3 landscape;margin:12mm}@media print{body{margin:0}.wide{overflow:"
    "visible}.wide table{min-width:0}thead{display:table-header-group}tr{break-inside:avoid}}"
)
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    + b64encode(sha256(STYLE.encode()).digest()).decode()
    + "'"
)
"""内容安全策略: nothing is loaded, nothing runs; this very style alone is taken."""
SIGNED = ("编制人：", "审核人：", "单位负责人：", "（单位盖章）")


def page(statement: Statement) -> str:
    """The page: letterhead, table, sums, room for signatures and the seal."""
    title, *told = headlines(statement)
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings(statement))
    rows = "".join(
        _row(texts(statement, row), row.chain, row.execution) for row in statement.rows
    )  # fmt: skip
    feet = "".join(
        _row(before_sum(statement, name), chain, rate) for name, chain, rate in sums(statement)
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in told)
    signed = "".join(f"<span>{escape(word)}</span>" for word in SIGNED)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f'<header><h1 id="title">{escape(title)}</h1>{lines}</header>'
        '<div class="wide" tabindex="0" role="region" aria-labelledby="title">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        f"<tfoot>{feet}</tfoot></table></div><footer>{signed}</footer></body></html>\n"
    )


def _row(told: list[str], chain: Chain, rate: str) -> str:
    cells = "".join(f"<td>{escape(text)}</td>" for text in told)
    figures = "".join(f'<td class="n">{told_yuan(fen)}</td>' for fen in amounts(chain))
    return f'<tr>{cells}{figures}<td class="n">{escape(rate)}</td></tr>'
