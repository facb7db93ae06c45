"""购买事实 whether a service may be bought at all, is in the year's directory, of a fit provider (P27).

The texts are the packs' and the directory the county's own import; what nobody stated is not asked.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from registry.domain.filing import Filing
from registry.domain.formula import PurchaseFormula
from registry.domain.funding import FundingLine
from registry.domain.purchase import Provider, PurchaseTerms
from registry.domain.records import Wire
from registry.domain.vocabulary import FundingMode
from registry.domain.wording import normalise
from registry.policies.purse import PurchaseRule

Directories = Mapping[int, Iterable[str]]
"""Fiscal year → codes of that year's 指导性目录; a year not imported is absent and asks nothing."""


class Purchase(Wire, frozen=True, kw_only=True):
    """购买: the word of the fact, and what is behind it."""

    word: str = "unset"
    behind: list[str] = []
    told: dict[str, Any] = {}


def purchase(filing: Filing, rule: PurchaseRule | None, directories: Directories) -> Purchase:
    """What stands in the way of buying it, the gravest first: what may not be bought is told even
    where nobody asked to buy yet, for the advice to buy would be wrong."""
    lines = [line for line in filing.funding if line.mode is FundingMode.PURCHASE]
    barred = _barred(filing, lines, rule)
    if barred:
        return Purchase(word="barred", behind=barred, told={"purchase": {"barred": barred}})
    off = [line.key for line in lines if _off_directory(line, directories)]
    if off:
        told = {"off_directory": off}
        return Purchase(word="off_directory", behind=off, told={"purchase": told})
    unfit = [why for one in _terms(lines) if (why := _unfit(one.provider, rule))]
    if unfit:
        return Purchase(
            word="provider_unfit", behind=unfit, told={"purchase": {"provider": unfit}}
        )  # fmt: skip
    asked = rule is not None or any(line.fiscal_year in directories for line in lines)
    return Purchase(word="ok" if lines and asked else "unset")


def _terms(lines: Iterable[FundingLine]) -> list[PurchaseTerms]:
    return [one.formula.terms for one in lines if isinstance(one.formula, PurchaseFormula)]


def _barred(filing: Filing, lines: list[FundingLine], rule: PurchaseRule | None) -> list[str]:
    """What of the list it is: as the applicant says, or as the title or the service is named."""
    if rule is None:
        return []
    terms = _terms(lines)
    said = {word for one in terms for word in one.falls_under}
    text = [normalise(one) for one in (filing.title, *(one.service for one in terms))]
    return [
        name for word, name in rule.barred.items()
        if word in said or any(normalise(name) in one for one in text)
    ]  # fmt: skip


def _off_directory(line: FundingLine, directories: Directories) -> bool:
    if line.fiscal_year not in directories:
        return False
    terms = _terms([line])
    return not terms or terms[0].directory_code not in set(directories[line.fiscal_year])


def _unfit(provider: Provider | None, rule: PurchaseRule | None) -> str:
    """Why the provider named may not provide it; empty = nothing the pack states is against it."""
    if provider is None or rule is None:
        return ""
    if rule.providers and provider.kind not in rule.providers:
        return f"{provider.name}（{provider.kind}）"
    if rule.ties is not None and provider.ties is None:
        return f"{provider.name}：未申报与社区任职人员有无利益关系"
    if rule.ties == "bar" and provider.ties:
        return f"{provider.name}：{'、'.join(tie.relation for tie in provider.ties)}"
    return ""
