"""附件: a mark of state secrecy is seen in whatever form it is written; talk of it is no mark."""

import pytest

from registry.domain.document import MAGIC, shows_secrecy_mark


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年", "绝密★", "秘密☆5年", "秘密 ★ 3年", "★机密", "☆ 秘密", "★ 绝密★启用前",
        "机密级文件", "秘密级", "绝密级档案.pdf", "机密 关于某事的通知.docx", "绝密文件",
        "某通知（机密★1年）", "机密\u3000★长期", "第一行\n秘密★6个月\n正文",
    ],
)  # fmt: skip
def test_a_mark_is_seen(text: str) -> None:
    assert shows_secrecy_mark(text)


@pytest.mark.parametrize(
    "text",
    [
        "不涉及国家秘密", "本文件不涉及国家秘密、工作秘密", "保守国家秘密法宣传", "工作秘密事项清单",
        "商业秘密保护讲座", "保密承诺书", "五★级社区评选", "内部资料", "公开", "", "★重要通知",
    ],
)  # fmt: skip
def test_talk_of_secrecy_is_no_mark(text: str) -> None:
    assert not shows_secrecy_mark(text)


def test_a_mark_written_wide_or_in_compatibility_forms_is_seen() -> None:
    assert shows_secrecy_mark("機密★".replace("機", "机"))
    assert shows_secrecy_mark("秘密　★")


def test_no_content_begins_like_two_types() -> None:
    heads = [head for head, _ in MAGIC]
    assert [
        (a, b) for a in heads for b in heads if a is not b and a.startswith(b)
    ] == []  # fmt: skip
