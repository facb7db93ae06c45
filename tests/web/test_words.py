"""用词 every word of the pages exists in both languages, and every word there is gets used."""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from registry.actions.boxes import Box
from registry.api import shapes
from registry.api.acts import ACTS
from registry.web import tongue
from registry.web.forms import called
from registry.web.forms.fields import fields_of
from registry.web.shell import ROOMS
from registry.web.tongue import words

WEB = Path(tongue.__file__).parent
HAN = re.compile("[\u3400-\u9fff\uff01-\uff5e]")
SAID = re.compile(r"""\bt\(\s*['"]([\w.-]+)['"]\s*(~?)""")
NAMED = re.compile(r"""['"]([a-z_]+\.[a-z_0-9]+)['"]""")
"""Keys that code hands on, which a template says."""
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)


def sources() -> Iterator[tuple[Path, str]]:
    for file in sorted(WEB.rglob("*")):
        if file.suffix in (".html", ".py"):
            yield file, file.read_text("utf-8")


def test_every_word_that_a_page_says_exists() -> None:
    missing = set[str]()
    for file, text in sources():
        for key, joined in SAID.findall(text):
            part = joined or key.endswith(".")
            found = any(k.startswith(key) for k in words()) if part else key in words()
            missing |= set() if found else {f"{file.name}: {key}"}
    missing |= {word for _, word, _ in ROOMS if word not in words()}
    assert missing == set()


def test_every_word_there_is_is_said_somewhere() -> None:
    said, begun = set[str](), set[str]()
    for _, text in sources():
        said |= set(NAMED.findall(text))
        begun |= {key for key, joined in SAID.findall(text) if joined or key.endswith(".")}
        begun |= set(re.findall(r"""f['"]([a-z_]+\.[a-z_]*)\{""", text))
        begun |= set(re.findall(r"""['"]([a-z_]+\.)['"]\s*\+""", text))
    begun.add("nav.")
    unsaid = {k: v for k, v in words().items() if k not in said and not k.startswith(tuple(begun))}
    assert unsaid == {}


def test_words_of_both_languages_take_facts_of_the_same_names() -> None:
    holes = {
        key: [set(re.findall(r"\{(\w+)", one)) for one in pair] for key, pair in words().items()
    }
    assert {key for key, (zh, en) in holes.items() if not (zh <= en or en <= zh)} == set()


def test_words_that_a_field_takes_without_being_an_enumeration_have_an_english_name() -> None:
    bare = {
        f"{field}.{word}" for field, told in shapes._words().items() for word in told
        if not called.word(field, word)[1]
    }  # fmt: skip
    assert bare == set()


def test_the_english_of_a_word_is_english() -> None:
    """Papers are Chinese whatever page they stand on: their words are the same in both."""
    chinese = {key for key, (zh, en) in words().items() if HAN.search(en) and zh != en}
    assert chinese == {"frame.other"}


def test_no_template_holds_a_bare_word_of_chinese() -> None:
    """A comma or a bracket of its own excepted, which both languages may stand around."""
    bare = re.compile("[\u3400-\u9fff]")
    found = {
        f"{file.name}: {line.strip()[:60]}"
        for file, text in sources() if file.suffix == ".html"
        for line in CODE.sub("", text).splitlines() if bare.search(line)
    }  # fmt: skip
    assert found == set()


def test_every_word_of_an_enumeration_that_a_page_puts_together_exists() -> None:
    for kind, head in ((Box, "desk."),):
        assert issubclass(kind, Enum)
        assert {f"{head}{one.value}" for one in kind} <= set(words())


def test_what_is_called_otherwise_on_one_form_is_asked_there() -> None:
    told = called._page()["within"]
    asked = {act.act: {one.name for one in fields_of(act.command)} for act in ACTS
             if act.act in told}  # fmt: skip
    assert {f"{act}.{name}" for act, names in told.items() for name in names} == {
        f"{act}.{name}" for act, names in asked.items() for name in told[act] if name in names
    }
