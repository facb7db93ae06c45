"""不予办理 as tests expect it: the code is part of the promise, the exception alone is not."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from registry.domain.errors import Refusal


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What is done inside is refused with this code."""
    with pytest.raises(Refusal) as info:
        yield info
    assert info.value.code == code
    assert info.value.detail and info.value.detail_en
    assert "<" not in info.value.detail, "a placeholder was left open"
