"""演示播放 plays a story through HTTP, step by step, and says where an answer is not what it must be.

It knows the API only: it reads a record before it acts on it, sends the version it saw, and gives
every post a key, as a program of another office would.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import httpx
import msgspec

from registry.cli.stories import Expect, Step, Story, StoryError, lookup, resolve
from registry.domain.records import Wire

API = "/api/v1"
_ACTED_ON = re.compile(r"/(?P<resource>[a-z-]+)/(?P<id>[^/]+)")


class Played(Wire, frozen=True, kw_only=True):
    """一步的结果."""

    number: int
    step: Step
    status: int
    state: str = ""
    outcome: str = ""
    code: str = ""
    detail: str = ""
    rules: list[dict[str, Any]] = []
    balances: dict[str, int] = {}
    problems: list[str] = []
    """What differs from what the story expects; empty = as it must be."""


class Player:
    """播放器: one story at a time over one client.

    Args:
        client: speaks to a running registry.
        bearer: gives a fresh token for a user name.
        move_clock: sets the registry's clock, where the story says what time it is.
        tick: lets the registry do what the passing of time brings.
    """

    def __init__(
        self,
        client: httpx.Client,
        bearer: Callable[[str], str],
        move_clock: Callable[[datetime], None],
        *,
        tick: Callable[[], object] | None = None,
    ) -> None:
        self._client, self._bearer, self._move_clock = client, bearer, move_clock
        self._tick = tick
        self._tokens: dict[str, str] = {}
        self._known: dict[str, Any] = {}
        self._versions: dict[str, int] = {}

    def play(self, story: Story) -> list[Played]:
        """Every step of a story; it stops at the first that is not as it must be."""
        self._known, self._versions = {}, {}
        for name, piece in story.given.items():
            self._known[name] = resolve(piece, self._known)
        self._at(story.clock)
        done = []
        for number, step in enumerate(story.step, start=1):
            played = self._step(story, number, step)
            done.append(played)
            if played.problems:
                break
        return done

    def _at(self, instant: datetime) -> None:
        self._move_clock(instant)
        self._tokens.clear()  # a token lives for a working day only

    def _step(self, story: Story, number: int, step: Step) -> Played:
        if step.clock is not None:
            self._at(step.clock)
        if step.tick and self._tick is not None:
            self._tick()
        try:
            method, path = self._address(step)
            answer = self._send(step, method, path, f"{story.id}-{number}")
            body = _flat(_body(answer))
            self._remember(body)
            if answer.is_success:
                body = _picked(body, resolve(step.pick, self._known))
            if answer.is_success and step.save:
                self._known[step.save] = body
            return self._judge(number, step, answer, body)
        except StoryError as error:
            return Played(number=number, step=step, status=0, problems=[str(error)])

    def _address(self, step: Step) -> tuple[str, str]:
        method, _, path = step.do.partition(" ")
        parts = [str(resolve(p, self._known)) for p in path.split("/")]
        return method, API + "/".join(parts)

    def _send(self, step: Step, method: str, path: str, key: str) -> httpx.Response:
        headers = self._signed(step.as_)
        query = {k: _word(v) for k, v in resolve(step.query, self._known).items()}
        if method == "GET":
            return self._client.request(method, path, headers=headers, params=query)
        headers |= {"idempotency-key": key} if method == "POST" else {}
        headers |= self._seen(step.as_, path.removeprefix(API))
        content: dict[str, Any] = {}
        if step.text:
            content = {"content": step.text.encode()}
        elif step.json is not None:
            content = {"content": msgspec.json.encode(resolve(step.json, self._known))}
            headers["content-type"] = "application/json"
        return self._client.request(method, path, headers=headers, params=query, **content)

    def _signed(self, username: str) -> dict[str, str]:
        if username not in self._tokens:
            self._tokens[username] = self._bearer(username)
        return {"authorization": f"Bearer {self._tokens[username]}"}

    def _seen(self, username: str, path: str) -> dict[str, str]:
        """The version of the record as this person sees it now, or as it was last shown."""
        found = _ACTED_ON.match(path)
        if found is None:
            return {}
        looked = self._client.get(API + found[0], headers=self._signed(username))
        if looked.is_success:
            self._remember(_body(looked))
        version = self._versions.get(found["id"])
        return {} if version is None else {"if-match": f'"{version}"'}

    def _remember(self, body: Any) -> None:
        if isinstance(body, dict):
            if isinstance(body.get("id"), str) and isinstance(body.get("version"), int):
                self._versions[body["id"]] = body["version"]
            for value in body.values():
                self._remember(value)
        elif isinstance(body, list):
            for value in body:
                self._remember(value)

    def _judge(self, number: int, step: Step, answer: httpx.Response, body: Any) -> Played:
        told = body if isinstance(body, dict) else {}
        verdict = self._verdict(step, told) if answer.is_success else {}
        rules = verdict.get("rules") or (told.get("rules") if not answer.is_success else None) or []
        played = Played(
            number=number, step=step, status=answer.status_code,
            state=str(told.get("state") or ""), code=str(told.get("code") or ""),
            outcome=str(verdict.get("outcome") or told.get("outcome") or ""),
            detail=str(told.get("detail") or "") if not answer.is_success else "",
            rules=[r for r in rules if isinstance(r, dict)],
            balances=self._balances(step) if step.expect.balances else {},
        )  # fmt: skip
        wanted = Resolved(step.expect, self._known)
        return msgspec.structs.replace(
            played, problems=wanted.differences(played, told, ok=answer.is_success)
        )

    def _verdict(self, step: Step, told: dict[str, Any]) -> dict[str, Any]:
        """The verdict behind an answer, where the story speaks of rules."""
        if not told.get("verdict_id"):
            return told if "deciding" in told else {}
        path = f"{API}/verdicts/{told['verdict_id']}"
        found = self._client.get(path, headers=self._signed(step.as_))
        return dict(_body(found)) if found.is_success else {}

    def _balances(self, step: Step) -> dict[str, int]:
        """Confirmed vouchers of a case by stage, 分, added up from the API's own list."""
        case = self._known["case"]["id"]
        answer = self._client.get(
            f"{API}/vouchers", headers=self._signed(step.as_),
            params={"request_id": case, "state": "confirmed", "limit": "500"},
        )  # fmt: skip
        sums: dict[str, int] = {}
        for voucher in _body(answer).get("items", []):
            stage = voucher["reversed_stage"] or voucher["stage"]
            sign = -1 if voucher["stage"] == "reversal" else 1
            sums[stage] = sums.get(stage, 0) + sign * voucher["total_fen"]
        return sums


class Resolved:
    """应有结果 with its references filled in, compared with what came."""

    def __init__(self, expect: Expect, known: dict[str, Any]) -> None:
        self.expect, self._known = expect, known

    def differences(self, played: Played, told: dict[str, Any], *, ok: bool) -> list[str]:
        """Everything that is not as it must be."""
        expect = self.expect
        found = []
        if expect.status is None and not ok:
            found.append(f"HTTP {played.status}: {played.code} {played.detail}")
        for name in ("status", "code", "outcome", "state"):
            wanted, came = getattr(expect, name), getattr(played, name)
            if wanted and wanted != came:
                found.append(f"{name} {came!r}, not {wanted!r} {played.detail}".rstrip())
        matched = {r["rule"] for r in played.rules if not r.get("lifted_by")}
        found += [f"rule {rule} is missing" for rule in expect.rules if rule not in matched]
        found += [f"rule {rule} matched" for rule in expect.not_rules if rule in matched]
        for path, wanted in expect.has.items():
            found += self._at(path, wanted, told)
        if expect.balances and expect.balances != played.balances:
            found.append(f"balances {played.balances}, not {expect.balances}")
        return found

    def _at(self, path: str, wanted: Any, told: dict[str, Any]) -> list[str]:
        try:
            came, wanted = lookup(path, told), resolve(wanted, self._known)
        except StoryError as error:
            return [str(error)]
        return [] if came == wanted else [f"{path} is {came!r}, not {wanted!r}"]


def _body(answer: httpx.Response) -> Any:
    """What was answered; of a file what it is and how long."""
    media = answer.headers.get("content-type", "").partition(";")[0]
    if answer.content and not media.endswith("json"):
        return {"media_type": media, "octets": len(answer.content)}
    return msgspec.json.decode(answer.content) if answer.content else {}


def _flat(body: Any) -> Any:
    """A view as its record, with what belongs beside it."""
    if isinstance(body, dict):
        for name in ("request", "voucher"):
            if isinstance(body.get(name), dict):
                return {**body[name], **{k: v for k, v in body.items() if k != name}}
    return body


def _picked(body: Any, wanted: dict[str, Any]) -> Any:
    if not wanted:
        return body
    items = body.get("items") or body.get("children") or []
    for item in items:
        if all(item.get(name) == value for name, value in wanted.items()):
            return item
    raise StoryError(f"no item has {wanted}")


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
