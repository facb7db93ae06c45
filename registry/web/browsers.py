"""浏览器名 what people call a browser that names itself at length: for who looks over sign-ins."""

import re

BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"), ("360", r"(?:360SE|360EE|QihooBrowser)/?(\d*)"),
    ("QQ", r"QQBrowser/(\d+)"), ("UOS", r"UOSBrowser/(\d+)"), ("WeChat", r"MicroMessenger/(\d+)"),
    ("Firefox", r"Firefox/(\d+)"), ("Chrome", r"(?:Chrome|Chromium|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+).* Safari/"),
)  # fmt: skip
"""The first that fits: each also says that it is one of those below it."""
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"), ("Android", r"Android"),
    ("iOS", r"iPhone|iPad"), ("Windows", r"Windows"), ("macOS", r"Mac OS X"), ("Linux", r"Linux"),
)  # fmt: skip
LONGEST = 40
"""Letters of what no such name is found in."""


def browser_named(agent: str) -> str:
    """``Chrome 126 · Windows``; what is none of these as it calls itself, cut short."""
    for name, pattern in BROWSERS:
        if found := re.search(pattern, agent):
            system = next((s for s, words in SYSTEMS if re.search(words, agent)), "")
            return " · ".join(part for part in (f"{name} {found[1]}".strip(), system) if part)
    return agent if len(agent) <= LONGEST else agent[:LONGEST] + "…"
