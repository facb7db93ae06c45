"""浏览器名: whoever looks over sign-ins knows a browser by the name that people call it by."""

import pytest

from registry.web.browsers import LONGEST, browser_named

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0) {KIT} Chrome/126.0.0.0 Safari/537.36",
         "Chrome 126 · Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} Chrome/126.0 Safari/537.36 Edg/126.0",
         "Edge 126 · Linux"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
         "Firefox 128 · Linux"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {KIT} Version/17.5 Safari/604.1",
         "Safari 17 · iOS"),
        (f"Mozilla/5.0 (Linux; Android 14) {KIT} Chrome/126.0 Mobile Safari/537.36 "
         "MicroMessenger/8.0.50", "WeChat 8 · Android"),
        ("a-program/1.0", "a-program/1.0"), ("", ""), ("x" * 200, "x" * LONGEST + "…"),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name(agent: str, name: str) -> None:
    assert browser_named(agent) == name
