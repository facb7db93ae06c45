"""判定点 Casbin tables of other questions, put beside the rules as data: a folder of three files.

``model.conf`` and ``policy.csv`` are Casbin's own; ``point.toml`` says which questions they answer,
from where in a question each fact is read, and who and what is known. What they decide is theirs:
nothing here knows a name that stands in them.
"""

import csv
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from registry.domain.authzen import Deed, Entity, Question
from registry.domain.records import Wire
from registry.policies.engine import EngineError, enforcer, model_of
from registry.policies.terms import names_of

UNSTATED = "unstated"
"""The fact of which a question says nothing."""
_WORDS = {True: "true", False: "false"}
_FILES = ("model.conf", "policy.csv", "point.toml")


class Known(Wire, frozen=True, kw_only=True):
    """已知的主体或客体; what a question says of it itself comes first."""

    type: str
    id: str
    properties: dict[str, Any] = {}


class Serves(Wire, frozen=True, kw_only=True):
    """答哪些问题: by the types of subject and resource."""

    subjects: list[str]
    resources: list[str]


class PointFile(Wire, frozen=True, kw_only=True):
    """判定点的说明 (``point.toml``)."""

    id: str
    serves: Serves
    facts: dict[str, str]
    """Fact of the model → where it is read, e.g. ``subject.properties.rank``."""
    actions: list[str]
    subjects: list[Known] = []
    resources: list[Known] = []


class Point:
    """判定点.

    Raises:
        EngineError: what is wrong with its files, by name.
    """

    def __init__(self, folder: Path, decider: str = "indexed") -> None:
        self.told = _told(folder)
        self.id = self.told.id
        rows, links = _rows(folder / "policy.csv")
        model = str((folder / "model.conf").absolute())
        wanted = names_of(model_of(model), "r")
        if sorted(self.told.facts) != sorted(wanted):
            raise EngineError(f"{folder}: facts are {', '.join(wanted)}")
        self._read = [self.told.facts[name].split(".") for name in wanted]
        self._enforcer = enforcer(decider, model, rows, links)
        of = {"subject": self.told.subjects, "resource": self.told.resources}
        self._known = {
            (side, one.type, one.id): one.properties for side, held in of.items() for one in held
        }

    def serves(self, subject: str, resource: str) -> bool:
        """Whether questions with these types are answered here."""
        return subject in self.told.serves.subjects and resource in self.told.serves.resources

    def decide(self, question: Question) -> tuple[bool, list[str]]:
        """The answer, and the cells of the row that gave it, or why there is none."""
        asked = {
            "subject": self._whole("subject", question.subject),
            "action": _plain(question.action),
            "resource": self._whole("resource", question.resource),
            "context": question.context or {},
        }
        allowed, row = self._enforcer.enforce_ex(*(_fact(asked, way) for way in self._read))
        return bool(allowed), [str(cell) for cell in row]

    def subjects(self, type: str) -> list[Entity]:
        """Those of a type that are known, in order of their ids."""
        return _listed(self.told.subjects, type)

    def resources(self, type: str) -> list[Entity]:
        """What of a type is known, in order of its ids."""
        return _listed(self.told.resources, type)

    def actions(self) -> list[str]:
        """What may be asked for at all."""
        return sorted(self.told.actions)

    def _whole(self, side: str, one: Entity) -> dict[str, Any]:
        known = self._known.get((side, one.type, one.id), {})
        return {"type": one.type, "id": one.id, "properties": known | (one.properties or {})}


def read_points(folder: Path, decider: str = "indexed") -> tuple[Point, ...]:
    """Every point below a folder, in order of names; none where there is no such folder.

    Raises:
        EngineError: one that cannot be used, or two that answer the same question.
    """
    if not folder.is_dir():
        return ()
    found = tuple(Point(one, decider) for one in sorted(folder.iterdir()) if one.is_dir())
    met: dict[tuple[str, str], str] = {}
    for point in found:
        for pair in _pairs(point.told.serves):
            if pair in met:
                raise EngineError(f"{met[pair]} and {point.id} both answer {' → '.join(pair)}")
            met[pair] = point.id
    return found


def _pairs(serves: Serves) -> Iterator[tuple[str, str]]:
    return ((subject, resource) for subject in serves.subjects for resource in serves.resources)


def _told(folder: Path) -> PointFile:
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise EngineError(f"{folder}: {', '.join(missing)} is missing")
    try:
        text = (folder / "point.toml").read_text("utf-8")
        return msgspec.convert(tomllib.loads(text), PointFile)
    except (ValueError, msgspec.ValidationError) as error:
        raise EngineError(f"{folder / 'point.toml'}: {error}") from error


def _rows(path: Path) -> tuple[list[list[str]], dict[str, list[list[str]]]]:
    """The rows and role links of a Casbin policy, each line read or refused by its number."""
    rows: list[list[str]] = []
    links: dict[str, list[list[str]]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if not all(cells):
            raise EngineError(f"{path.name}:{number}: a cell is empty")
        if cells[0] == "p":
            rows.append(cells[1:])
        elif cells[0] == "g":
            links.setdefault("g", []).append(cells[1:])
        else:
            raise EngineError(f"{path.name}:{number}: a row starts with p or g")
    return rows, links


def _plain(deed: Deed) -> dict[str, Any]:
    return {"name": deed.name, "properties": deed.properties or {}}


def _fact(asked: dict[str, Any], way: Sequence[str]) -> str:
    """What a question says at a place, as one word."""
    found: Any = asked
    for step in way:
        found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, bool):
        return _WORDS[found]
    if isinstance(found, int | float):
        return str(found)
    return found if isinstance(found, str) and found else UNSTATED


def _listed(held: Sequence[Known], type: str) -> list[Entity]:
    mine = sorted((one for one in held if one.type == type), key=lambda one: one.id)
    return [Entity(type=one.type, id=one.id) for one in mine]
