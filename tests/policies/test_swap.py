"""换规则包: packs are swapped while eight decide, and no answer is an error or mixes two packs."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from registry.actions.office import Answer, Call, Desk, Office
from registry.actions.ticking import system_actor
from registry.domain.pack import PublishedPack
from registry.policies.judge import Judgement, decide
from registry.policies.loader import digest_of
from tests.policies.asked import by_chance, rows
from tests.policies.rulebooks import DEMO, loaded, on_one_day

COUNTY = "990102"
ON = date(2026, 3, 2)
DAY = on_one_day(ON)
THREADS, SWAPS, VECTORS = 8, 10, 40


def _put(office: Office, files: dict[str, str]) -> None:
    """The county's pack with other bytes, as one act leaves it."""

    def verb(desk: Desk) -> Answer:
        row = desk.unit.get(PublishedPack, DEMO, lock=True)
        desk.about(row)
        return Answer(body=desk.unit.change(row, files=files, digest=digest_of(files)).id)

    office.perform(Call(actor=system_actor(COUNTY), county=COUNTY, act="test.swap"), verb)


def _renamed(files: dict[str, str]) -> dict[str, str]:
    """The same pack with every rule of its own under another id."""

    def other(text: str) -> str:
        for rule in loaded()[DEMO].document.rule:
            text = text.replace(rule.id, f"{rule.id}-B")
        return text

    return {name: other(text) for name, text in files.items()}


def _asked() -> list[Any]:
    own = [row.facts for row in loaded()[DEMO].rows]
    return [rows(vector) for vector in by_chance(own, VECTORS, random.Random(5))]


def _answers(office: Office, asked: list[Any]) -> list[Judgement]:
    overlay = office.rulebooks.of(COUNTY, ON).overlay
    return [decide(overlay, one, DAY) for one in asked]


def test_packs_are_swapped_under_eight_who_decide(one_office: Office) -> None:
    first = one_office.store.reader.get(PublishedPack, COUNTY, DEMO)
    assert first is not None
    sides = [first.files, _renamed(first.files)]
    asked, right = _asked(), {}
    for files in reversed(sides):
        _put(one_office, files)
        answers = _answers(one_office, asked)
        right[answers[0].pack_digest] = answers
    assert len(right) == 2
    assert any(a.rules != b.rules for a, b in zip(*right.values(), strict=True))
    stop, seen = threading.Event(), set()

    def work(number: int) -> list[Judgement]:
        chance, wrong = random.Random(number), []
        while not stop.is_set():
            at = chance.randrange(VECTORS)
            answer = decide(one_office.rulebooks.of(COUNTY, ON).overlay, asked[at], DAY)
            seen.add(answer.pack_digest)
            if answer != right[answer.pack_digest][at]:
                wrong.append(answer)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        working = [pool.submit(work, number) for number in range(THREADS)]
        for turn in range(SWAPS):
            _put(one_office, sides[turn % 2])
        while seen != set(right) and not any(one.done() for one in working):
            time.sleep(0.01)
        stop.set()
    assert [one.result() for one in working] == [[]] * THREADS
