"""The log over HTTP: checkpoints, keys and tiles for anybody, proofs for auditors, receipts."""

from typing import Any

import pytest

from registry.actions.office import Office
from registry.actions.sealing import checkpointing, keys, tiles
from registry.actions.sealing.keys import note_key
from registry.actions.sealing.tiles import Tile
from registry.domain.approval import Decision
from registry.domain.checkpoint import believed, parse_proof, shown
from registry.domain.hashing import hashing
from registry.domain.merkle import Head, Tree, check_inclusion
from registry.domain.signed_note import octets_of
from registry.store.keys import signed_by
from tests.actions.case import Hands, admitted
from tests.actions.refused import refused

HERE = "990102"


def test_anybody_reads_checkpoint_keys_and_tiles(client: Any, one_office: Office) -> None:
    assert client.get(f"/log/{HERE}/checkpoint").status_code == 404
    checkpointing.seal(one_office, HERE)
    answer = client.get(f"/log/{HERE}/checkpoint")
    assert answer.headers["x-witnesses"] == "0/0"
    told = client.get(f"/log/{HERE}/keys").text
    own = [note_key(key) for key in keys.kept(one_office, HERE)]
    assert told == f"{own[0]}\n"
    _, found = believed(answer.content, own, signed_by)
    size = found.head.size
    tile = client.get(f"/log/{HERE}/tile/0/000.p/{size}")
    tree = Tree()
    for at in range(0, len(tile.content), 32):
        tree.add(tile.content[at : at + 32])
    assert tree.digest() == found.head.root
    assert client.get(f"/log/{HERE}/sm3/checkpoint").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["0/000", "0/000.p/256", "0/000.p/0", "0/0", "9/x000/000.p/1", "0/001.p/1", "x", "0/000.p/255",
     "0/x001/x234/067", "0/../../etc"],
)  # fmt: skip
def test_there_is_no_tile_of_what_is_not_signed(client: Any, one_office: Office, path: str) -> None:
    checkpointing.seal(one_office, HERE)
    assert client.get(f"/log/{HERE}/tile/{path}").status_code == 404


def test_tiles_are_named_as_the_standard_names_them() -> None:
    # Size 70,000: the example of C2SP tlog-tiles.
    for tile, path in (
        (Tile(0, 272, 256), "0/272"), (Tile(0, 273, 112), "0/273.p/112"),
        (Tile(1, 1, 17), "1/001.p/17"), (Tile(2, 0, 1), "2/000.p/1"),
        (Tile(0, 1234067, 256), "0/x001/x234/067"),
    ):  # fmt: skip
        assert (tiles.tile_path(tile), tiles.parse_tile(path)) == (path, tile)
    with refused("log.tile"):
        tiles.parse_tile("0/1234067")


def test_an_auditor_asks_for_proofs(client: Any, sign_in: Any, one_office: Office) -> None:
    who = sign_in("auditor")
    answer = client.get("/api/v1/proofs?seq=3", headers=who).json()
    head = Head(answer["size"], octets_of(answer["root"]))
    path = [octets_of(one) for one in answer["path"]]
    check_inclusion(octets_of(answer["leaf"]), 2, head, path)
    grown = client.get("/api/v1/proofs?from=2&to=5", headers=who).json()
    assert (grown["old"], grown["size"]) == (2, 5)
    assert hashing().width == len(octets_of(grown["root"]))
    for query in ("", "?seq=1&from=2", "?seq=x", "?from=0", "?seq=1&tree=md5", "?to=3",
                  "?seq=99999999999999999999"):  # fmt: skip
        assert client.get(f"/api/v1/proofs{query}", headers=who).status_code == 400, query
    assert client.get("/api/v1/proofs?seq=999999", headers=who).status_code == 404
    assert client.get("/api/v1/proofs?seq=1", headers=sign_in("dept.clerk")).status_code == 403
    assert client.get("/api/v1/proofs?seq=1").status_code == 401


def test_a_decision_has_a_receipt(
    client: Any, sign_in: Any, one_hand: Hands, one_office: Office
) -> None:
    admitted(one_hand)
    id = one_office.store.reader.find(Decision, HERE)[0].id
    answer = client.get(f"/api/v1/decisions/{id}/receipt", headers=sign_in("dept.clerk"))
    proof = parse_proof(answer.content)
    assert proof.extra is not None
    assert shown(proof, proof.extra)
    none = client.get("/api/v1/decisions/none/receipt", headers=sign_in("dept.clerk"))
    assert none.status_code == 404


def test_every_checkpoint_there_was_is_listed(client: Any, one_office: Office) -> None:
    checkpointing.seal(one_office, HERE)
    checkpointing.packaged(one_office, HERE, 3)
    found = client.get(f"/api/v1/checkpoints?county={HERE}&limit=1").json()
    assert [one["size"] for one in found["items"]] == [3]
    more = client.get(f"/api/v1/checkpoints?county={HERE}&after={found['next']}").json()
    assert more["next"] is None
    assert more["keys"][0]["lost"] is False
    for query in ("", f"?county={HERE}&limit=501"):
        assert client.get(f"/api/v1/checkpoints{query}").status_code == 400


def test_a_log_that_is_not_witnessed_here_is_told_so(client: Any) -> None:
    note = "x.example/log\n1\n" + "A" * 43 + "=\n\n— x.example/log AAAAAAAA\n"
    body = f"old 0\n\n{note}".encode()
    answer = client.post("/witness/add-checkpoint", content=body)
    assert answer.status_code == 404
    assert client.post("/witness/add-checkpoint", content=b"\xff").status_code == 400
