"""[renewal]: a flow that it names stands in the pack; another is told with its line."""

import pytest

from registry.policies.loader import PackError, load_pack
from tests.actions.flowed import STREET, files_with, flow

AHEAD = "[renewal]\nahead ="


def files(named: str) -> dict[str, str]:
    main = flow({"key": "examine", "act": "examine", "bodies": ["street"]}, STREET)
    return files_with(
        main + flow(STREET, id="short"),
        replace=((AHEAD, f'[renewal]\nflow = "{named}"\nahead ='),),
    )


def test_a_renewal_takes_a_flow_of_the_pack() -> None:
    rule = load_pack(files("short")).document.renewal
    assert rule is not None and rule.flow == "short"


def test_a_renewal_takes_no_flow_that_is_not_there() -> None:
    with pytest.raises(PackError, match=r"\[renewal\] flow gone is not in pack.toml"):
        load_pack(files("gone"))
