"""离线核验 checks an audit package, or one receipt, without the registry: Python 3.11+ alone.

    python3 verify.py PACKAGE                                a folder or a .zip, as exported
    python3 verify.py proof FILE --key VKEY                  one receipt (.tlog-proof)
    python3 verify.py consistency OLD_CHECKPOINT PACKAGE     is what was kept still in it?
  1. log/keys.txt is a row of keys, each named by the one before it; log/checkpoint is signed
     (Ed25519) by the last of them, and by witnesses where asked.
  2. log/entries.jsonl: the Merkle tree over all entries (RFC 9162) has the very root that was
     signed; each entry is in its one canonical form, numbered without a gap.
  3. rows/*.jsonl: every line hashes to what its entry says; none is missing, none too many;
     versions follow one another; vouchers are the sum of their lines, no account is overdrawn.
  4. Every file is what manifest.json lists; nothing else vouches for tables/ and packs/.
Use --key with a key that you hold or that was published: without it a package made up from end to
end, keys and all, would pass. Exit: 0 verified, 1 a fault is named, 2 cannot tell.
"""

# fmt: off
import argparse
import base64
import hashlib
import json
import re
import sqlite3
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple

BROKEN = OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error, sqlite3.Error
SENTENCES = dict(re.findall(r"([\w.]+): ([^;]+);", """
manifest.form: 清单格式不符 / not in its form; manifest.digest: 清单被改动 / the manifest was changed;
file.missing: 清单所列文件缺失 / not there; file.extra: 清单以外或者重复的文件 / not listed, or twice;
file.unreadable: 文件无法读取 / cannot be read; file.digest: 文件与清单不符 / not what the manifest says;
key.form: 公钥格式不符 / not in its form; key.unknown: 公钥不是所给的可信公钥 / none that you trust;
key.succession: 换发的公钥没有前一公钥的签名 / not signed by the key before it; witness.few: 见证签名不足 / too few;
checkpoint.form: 检查点格式不符 / not in its form; checkpoint.size: 检查点与快照号不符 / of another size;
checkpoint.signature: 检查点签名不符 / not signed as it must be; entry.proof: 证明不成立 / does not show it;
entry.form: 日志条目不是规范化 JSON / not canonical; entry.seq: 日志序号不连续 / not the number of its place;
entry.time: 日志时间倒退 / dated before the entry it follows; log.short: 日志条目缺失 / entries are missing;
entry.leaf: 日志条目与其摘要不符 / not what its leaf says; log.leaves: 叶摘要文件被改动 / log/leaves was changed;
log.root: 日志与签名的根不符 / another root was signed; row.form: 记录格式不符 / the line is no row;
log.kept: 日志与另存的检查点不符 / not what was kept; row.digest: 记录内容与日志摘要不符 / not what its entry says;
row.missing: 日志所列的记录不存在 / not there; row.unlogged: 记录没有日志 / a row that no entry names;
row.double: 记录重复 / a row stands there twice; row.chain: 记录版本不连续 / the version before is not there;
money.overdrawn: 账户透支 / overdrawn; money.sum: 凭证与分录之和不符 / not the sum of its lines;
money.confirmed: 计入的分录与凭证状态不符 / not as it was confirmed; total: 合计与清单不符 / another sum;"""))
class Fault(Exception):  # noqa: N818 - what is found, not what went wrong
    """异常: the first thing wrong, and where: number of the entry, (table, id, version)."""
    def __init__(self, kind: str, seq: int = 0, row: Sequence[Any] = (), detail: str = "") -> None:
        place = (f" seq {seq}" if seq else "") + (" {} {} v{}".format(*row) if row else "")
        super().__init__(f"{kind}{place}: {SENTENCES[kind]} {detail}".rstrip())
        self.kind, self.seq, self.row = kind, seq, tuple(row)
class CannotTellError(Exception):
    """What was asked cannot be answered: no such file, or something needed was not given."""
def need(right: Any, kind: str, seq: int = 0, *, detail: object = "") -> None:
    """Name a fault unless something holds."""
    if not right:
        raise Fault(kind, seq, detail=str(detail))
# ------------------------------------------------------------- Ed25519 (RFC 8032), strictly read
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z. Slow and plain: a package has few keys.
Point = tuple[int, int, int, int]
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_ONE = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def point(octets: bytes) -> Point | None:
    """The point octets stand for; none that has a second form, or is outside the prime group."""
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or x == 0:
        return None
    x = P - x if x & 1 != sign else x
    null = times(ORDER, found := (x, y, 1, x * y % P))  # (0, 1), X and Y = Z, of the group's points
    return found if null[0] == 0 and null[1] == null[2] else None
def add(a: Point, b: Point) -> Point:
    """Sum of two points (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(factor: int, one: Point) -> Point:
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while factor:
        total = add(total, one) if factor & 1 else total
        one, factor = add(one, one), factor >> 1
    return total
def signed_by(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether a signature over a text is that of the key with this public half."""
    owner, nonce, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    sized = (len(public), len(signature)) == (32, 64) and s < ORDER
    if owner is None or nonce is None or base is None or not sized:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    a, b = times(s, base), add(nonce, times(k, owner))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 == (a[1] * b[2] - b[1] * a[2]) % P
# ---------------------------------------------- keys, signed notes, checkpoints, proofs (c2sp.org)
class Key(NamedTuple):
    """公钥: kind 1 is a log's, kind 4 a witness's; the id tells a name's keys apart."""
    name: str
    kind: int
    public: bytes
    @property
    def id(self) -> bytes:
        return hashlib.sha256(b"%b\n%c%b" % (self.name.encode(), *self[1:])).digest()[:4]
def unbase(text: str) -> bytes:
    """Octets of base64, written in the one way that has no stray bits; of any other none."""
    try:
        octets = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return octets if base64.b64encode(octets).decode() == text else b""
def vkey(text: str, kind: int = 1) -> Key:
    """The key of ``name+id+base64``."""
    name, id, coded = [*text.split("+", 2), "", ""][:3]
    key = Key(name, kind, unbase(coded)[1:])
    right = name and unbase(coded) == bytes([kind]) + key.public and id == key.id.hex()
    need(right and len(key.public) == len(bytes(32)), "key.form", detail=text[:80])
    return key
def keys_of(text: str, trusted: list[Key]) -> list[Key]:
    """The log's keys, oldest first: a line each, the key before it has signed all but the first."""
    lines = text.split("\n")
    need(not lines.pop() and lines and " " not in lines[0], "key.form", detail="log/keys.txt")
    keys = [vkey(line.split(" ")[0]) for line in lines]
    for before, line, key in zip(lines, lines[1:], keys, strict=False):
        told, _, signature = line.partition(" ")
        said = f"key-succession/v1\n{before.split(' ')[0]}\n{told}\n".encode()
        right = vkey(told).name == key.name and signed_by(key.public, said, unbase(signature))
        need(right, "key.succession", detail=told)
    need(not trusted or set(trusted) & set(keys), "key.unknown")
    return keys
class Checkpoint:
    """检查点: name, size and root, and who signed them; unknown keys' signatures say nothing."""
    def __init__(self, octets: bytes, keys: Sequence[Key]) -> None:
        text, _, signatures = octets.decode("utf-8", "replace").rpartition("\n\n")
        parts = re.fullmatch(r"([^\n]+)\n(0|[1-9]\d{0,18})\n([^\n]{44})", text, re.ASCII)
        lines = re.findall("— ([^ \n]+) ([^ \n]+)\n", signatures)
        whole = "".join(f"— {name} {coded}\n" for name, coded in lines)
        need(parts and signatures == whole, "checkpoint.form")
        self.text, (self.origin, size, root) = text + "\n", parts.groups() if parts else ()
        self.size, self.root = int(size), unbase(root)
        sm3 = self.origin.endswith("/sm3")  # the second tree over the same entries
        if sm3 and "sm3" not in hashlib.algorithms_available:
            raise CannotTellError("本机没有 SM3 / this Python has no SM3")
        self.of: Any = (lambda data: hashlib.new("sm3", data)) if sm3 else hashlib.sha256
        known, self.seen = {(key.name, key.id): key for key in keys}, set[Key]()
        for name, coded in lines:
            said, octets = self.text, unbase(coded)
            need(octets[4:], "checkpoint.form")
            if key := known.get((name, octets[:4])):
                octets = octets[4:]
                if key.kind > 1:  # A witness signs the time too: eight octets before its signature.
                    said = f"cosignature/v1\ntime {int.from_bytes(octets[:8], 'big')}\n{said}"
                    octets = octets[8:]
                need(signed_by(key.public, said.encode(), octets), "checkpoint.signature")
                self.seen.add(key)
        need(self.origin in {k.name for k in self.seen if k.kind == 1}, "checkpoint.signature")
class Tree:
    """日志树 (RFC 9162, 2.1.1): of every level, only a node that waits for its neighbour is held."""
    def __init__(self, of: Callable[[bytes], Any]) -> None:
        self.of, self.waiting = of, [list[bytes]() for _ in range(64)]
    def add(self, run: list[bytes]) -> None:
        of, level = self.of, 0
        while run:
            run = self.waiting[level] + run
            self.waiting[level] = [run.pop()] if len(run) % 2 else []
            pair = iter(run)
            run = [of(b"\1" + a + b).digest() for a, b in zip(pair, pair, strict=True)]
            level += 1
    def root(self) -> bytes:
        node = b""
        for left in filter(None, self.waiting):
            node = self.of(b"\1" + left[0] + node).digest() if node else left[0]
        return node or bytes(self.of(b"").digest())
def receipt(octets: bytes) -> tuple[int, list[bytes], bytes | None, bytes]:
    """(index from 0, path, entry if it goes along, checkpoint) of a tlog-proof."""
    head, _, rest = octets.partition(b"\n\n")
    form = rb"c2sp\.org/tlog-proof@v1\n(extra (\S*)\n)?index (0|[1-9]\d{0,18})((?:\n\S{44})*)"
    if not (parts := re.fullmatch(form, head)) or not head.isascii():
        raise Fault("entry.proof")
    extra, path = (parts[2] or b"").decode(), [unbase(one.decode()) for one in parts[4].split()]
    need(all(path) and (not extra or unbase(extra)), "entry.proof")
    return int(parts[3]), path, unbase(extra) if parts[1] else None, rest
def climb(entry: bytes, index: int, path: list[bytes], under: Checkpoint) -> None:
    """Check that an entry stands at its place under a checkpoint (RFC 9162, 2.1.3.2)."""
    of, at, last = under.of, index, under.size - 1
    node, right = of(b"\0" + entry).digest(), at <= last
    for other in path:
        right, left = right and last > 0, at & 1 or at == last
        node = of(b"\1" + (other + node if left else node + other)).digest()
        while left and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    need(right and not last and node == under.root, "entry.proof", index + 1)
# ---------------------------------------------------------------------------------- the package
class Package:
    """审计包: a folder or a zip; its manifest read, its files listed."""
    def __init__(self, path: str) -> None:
        self.path, self.zip = Path(path), None
        if self.path.is_dir():
            found = [one for one in self.path.rglob("*") if not one.is_dir()]
            names = [one.relative_to(self.path).as_posix() for one in found]
        elif zipfile.is_zipfile(self.path):
            self.zip = zipfile.ZipFile(self.path)
            names = [name for name in self.zip.namelist() if name[-1:] != "/"]
        else:
            raise CannotTellError(f"不是审计包，或者没有拷贝完整 no folder and no whole zip: {path}")
        self.names, self.measured, self.odd = set(names), set[str](), set[str]()
        try:
            told = json.loads(text := self.read("manifest.json"))
            digest = told.pop("digest")
            self.county, self.size, self.files = told["county"], told["seq"], told["files"]
            self.whole, self.totals, self.ordered = told["whole"], told["totals"], told["ordered"]
            self.withheld = [(one,) for one in told.get("withheld", ())]
            listed = {"manifest.json"} | {name for name, one in self.files.items() if one["sha256"]}
            again = CANONICAL(told | {"digest": digest}).encode() + b"\n"
            right = (told["format"], again) == ("registry-audit-package/1", text)
            right &= {*self.withheld} <= {("person",), ("complaint_source",), ("one_time_code",)}
            need(right and type(self.size) is int, "manifest.form")
            self.quick = re.compile(QUICK.replace("COUNTY", re.escape(self.county)).encode())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Fault("manifest.form", detail=str(error)[:80]) from error
        need(hashlib.sha256(CANONICAL(told).encode()).hexdigest() == digest, "manifest.digest")
        need(listed <= self.names, "file.missing", detail=sorted(listed - self.names))
        extra = sorted(self.names - listed) or ["twice"] * (len(names) - len(self.names))
        need(not extra, "file.extra", detail=extra)
    def open(self, name: str) -> IO[bytes]:
        need(name in self.names, "file.missing", detail=name)
        return self.zip.open(name) if self.zip else (self.path / name).open("rb")
    def read(self, name: str) -> bytes:
        with self.open(name) as stream:
            return stream.read(1 << 26)
    def pieces(self, name: str) -> Iterator[tuple[bytes, list[bytes]]]:
        """A file piece by piece, lines whole, and its lines; at its end it is what was listed."""
        digest, count, size, lined = hashlib.sha256(), 0, 0, name.endswith(".jsonl")
        with self.open(name) as stream:
            told = self.files[name]
            while piece := stream.read(1 << 18):  # memory does not grow with the package
                piece += stream.readline() if lined else b""
                digest.update(piece)
                lines = piece.split(b"\n") if lined else [b""]
                cut = lines.pop()  # what follows the last line feed: of a whole file nothing
                size, count = size + len(piece), count + len(lines)
                yield piece, [*lines, cut] if cut else lines
        self.measured.add(name)
        right = (digest.hexdigest(), size) == (told["sha256"], told.get("bytes"))
        if not right or (lined and count != told.get("rows")):
            self.odd |= {name}  # told last: what is wrong in it says more
# ------------------------------------------------------------------------------------ the log
CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
# Entries hold whole numbers alone: any other is looked for in nothing, and not found (ValueError).
DECODE = json.JSONDecoder(parse_float="".index, parse_constant="".index).decode
ROW = r'\{"d":"([^"]*)","id":"([^"]*)","t":"(\w*)","v":([1-9]\d{0,17})\}'
# An entry with no escaped character and nothing nested in its note: keys in order, no blanks, whole
# numbers. What fits, and whose note is canonical, is canonical. Found: when, note, rows, number.
QUICK = (
    r'(?m)^\{"act":S,"actor":S,"at":"([^"]*)","business_date":S,"clock_fixed":(?:true|false),'
    r'"code":S,"county":"COUNTY","note":(\{[^{}]*\}),"object_id":S,"object_kind":S,'
    r'"object_version":(?:0|[1-9]\d*),"outcome":S,"pack":(?:null|S),"post":S,'
    r'"rows":\[((?:ROW(?:,ROW)*)?)\],"salt":S,"seq":([1-9]\d{0,17}),"v":1\}$'
).replace("ROW", re.sub("[()]", "", ROW)).replace(":S", ':"[^"]*"').replace("|S", '|"[^"]*"')
# Octets that keep an entry from the quick way: control characters but line feeds, backslashes.
ODD = bytes(chr(one) not in "\\" and (one >= ord(" ") or one == ord("\n")) for one in range(256))
def read_again(line: bytes, county: str, seq: int) -> tuple[bytes, ...]:
    """What ``QUICK`` finds, of an entry of any shape: read, written again, and compared."""
    try:
        told = DECODE(line.decode())
        rows = CANONICAL(told["rows"])[1:-1]
        right = (told["county"], told["v"], type(told["seq"])) == (county, 1, int)
        right = right and told["seq"] < 10**18 and type(told["rows"]) is list
        right = right and len(re.findall(ROW, rows)) == len(told["rows"])
        need(right and CANONICAL(told).encode() == line, "entry.form", seq)
        return told["at"].encode(), b"{}", rows.encode(), b"%d" % told["seq"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Fault("entry.form", seq) from error
def entries(package: Package) -> Iterator[tuple[int, list[bytes], Any]]:
    """(place of the first, entries, what was found in each): their form, and order."""
    first, latest = 1, b""
    for piece, lines in package.pieces("log/entries.jsonl"):
        need(piece[-1:] == b"\n", "entry.form", first + len(lines) - 1, detail="cut off")
        found = [] if 0 in piece.translate(ODD) else package.quick.findall(piece)
        try:  # Each match is a whole line: as many matches as lines are all of them.
            piece.isascii() or piece.decode()
            right = len(found) == len(lines) and all(
                note == b"{}" or CANONICAL(DECODE(note.decode())).encode() == note
                for _, note, _, _ in found)
        except (ValueError, RecursionError):
            right = False
        if not right:
            found = [read_again(one, package.county, seq) for seq, one in enumerate(lines, first)]
        if package.whole:
            for seq in (n for n, one in enumerate(found, first) if int(one[3]) != n):
                raise Fault("entry.seq", seq)
            dates = [latest, *(one[0][:19] for one in found)]  # to the second
            if package.ordered and dates != sorted(dates):
                raise Fault("entry.time", first + [b < a for a, b in pairwise(dates)].index(True))
            latest = dates[-1]
        yield first, lines, found
        first += len(lines)
def walk(package: Package, signed: list[Checkpoint], old: Checkpoint | None) -> int:
    """The whole log: the tree over its lines, as far as each checkpoint reaches."""
    trees, last, odd = [(Tree(one.of), one) for one in (*signed, old) if one], 0, 0
    listed = "log/leaves" in package.names
    with package.open("log/leaves" if listed else "log/checkpoint") as leaves:
        for _, lines in package.pieces("log/entries.jsonl"):
            first, last = last + 1, last + len(lines)
            for tree, one in trees:
                run = [tree.of(b"\0" + line).digest() for line in lines]
                if listed and one is signed[0] and not odd:
                    told = leaves.read(32 * len(run))
                    if told != b"".join(run):  # the first that differs, or is not there
                        same = [told[32 * n :][:32] == leaf for n, leaf in enumerate(run)]
                        odd = first + same.index(False)
                tree.add(run[: max(0, one.size - first + 1)])
    try:
        kind = "log.short" if last < package.size else "entry.seq"
        need(last == package.size, kind, min(last, package.size) + 1)
        for tree, one in trees:
            kind = "log.kept" if one is old else "entry.leaf" if odd else "log.root"
            need(tree.root() == one.root, kind, one.size if one is old else odd, detail=one.origin)
    except Fault:
        any(False for _ in entries(package))  # what is wrong in an entry itself says more
        raise
    need(not odd, "log.leaves", odd)
    return last
def walk_part(package: Package, signed: list[Checkpoint], _: Any) -> int:
    """Part of a log: each entry with its own proof under the one checkpoint."""
    note, last, many = package.read("log/checkpoint"), 0, 0
    for _, lines, found in entries(package):
        for line, one in zip(lines, found, strict=True):
            before, last, many = last, int(one[3]), many + 1
            index, path, _, rest = receipt(package.read(f"log/proofs/{last}.tlog-proof"))
            need(before < last == index + 1 and rest == note, "entry.proof", last)
            climb(line, index, path, signed[0])
    return many
# -------------------------------------------------------------------------------------- the rows
ROW_KEY = re.compile(
    rb'"county":"([^"]*)".*?"id":"([^"]*)".*?"version":(\d{1,18})[,}].*"table":"(\w+)"\}')
NAMES = re.compile(ROW.encode()).findall  # of an entry: (digest, id, table, version) of each row
KINDS = "row.digest", "row.missing", "row.unlogged", "row.double", "row.chain"  # told in this order
def rows_of(package: Package, table: str, db: Any) -> Iterator[tuple[bytes, ...]]:
    """(id, version, digest) of every line of one file; vouchers are kept to be added up."""
    place, own, name = 0, (package.county.encode(), table.encode()), f"rows/{table}.jsonl"
    for piece, lines in package.pieces(name) if name in package.files else ():
        keys = ROW_KEY.findall(piece)
        if len(keys) != len(lines) or {one[::3] for one in keys} != {own}:
            wrong = [n for n, line in enumerate(lines, place + 1)
                     if [one[::3] for one in ROW_KEY.findall(line)] != [own]]
            raise Fault("row.form", row=(table, "?", "?"), detail=f"line {[*wrong, place + 1][0]}")
        place += len(lines)
        if table in ("voucher", "voucher_line"):
            db.executemany("INSERT INTO held VALUES (?, CAST(? AS TEXT), ?, CAST(? AS TEXT))", (
                (table, key[1], int(key[2]), line) for key, line in zip(keys, lines, strict=True)))
        digests = " ".join([hashlib.sha256(line).hexdigest() for line in lines]).encode().split()
        yield from [(id, v, d) for (_, id, v, _), d in zip(keys, digests, strict=True)]
def named_by(package: Package, last: dict[Any, int], wrong: list[Any]) -> Iterator[Any]:
    """(table, what a piece of the log names of it, how many, piece); then the rest of files."""
    for _, _, found in entries(package):
        told: dict[bytes, list[tuple[bytes, ...]]] = {}
        for _, _, names, seq in found:
            for digest, id, table, version in NAMES(names):  # once each, after the one before it
                before, new = last.get((table, id), 0), int(version)
                if new != before + 1 and (package.whole or new <= before):
                    wrong.append((KINDS[3 + (new > before)], int(seq), (table, id, version)))
                last[table, id] = new
                told.setdefault(table, []).append((id, version, digest))
        yield from ((table, own, len(own), found) for table, own in told.items()
                    if (table.decode(),) not in package.withheld)
    yield from ((n[5:-6].encode(), [], None, []) for n in package.files if n[:5] == "rows/")
def lay_side_by_side(package: Package, db: Any) -> None:
    """Find what entries and rows do not say alike. Both stand in the order of the log, so that what
    fits is let go of at once; of each record the version named last is remembered."""
    last, named, held, streams = [dict[Any, Any]() for _ in range(4)]
    wrong = list[tuple[str, int, Sequence[bytes]]]()
    for table, own, many, found in named_by(package, last, wrong):
        stream = streams.setdefault(table, rows_of(package, table.decode(), db))
        if (rows := [*islice(stream, many)]) == own or sorted(rows) == sorted(own):
            continue
        for digest, id, t, version, seq in ((*x, n) for *_, told, n in found for x in NAMES(told)):
            if t == table:
                named.setdefault((table, id, version), (int(seq), digest))
        for id, version, digest in rows:
            wrong += [("row.double", 0, (table, id, version))] * ((table, id, version) in held)
            held[table, id, version] = digest
        for place in held.keys() & named.keys():
            seq, digest = named.pop(place)
            wrong += [("row.digest", seq, place)] * (held.pop(place) != digest)
    wrong += [("row.missing", seq, place) for place, (seq, _) in named.items() if package.whole]
    wrong += [("row.double" if package.whole and last.get(place[:2], 0) >= int(place[2])
               else "row.unlogged", 0, place) for place in held]
    for kind, seq, place in sorted(wrong, key=lambda one: (KINDS.index(one[0]), one))[:1]:
        raise Fault(kind, seq, [*(x.decode("utf-8", "replace") for x in place[:2]), int(place[2])])
# ------------------------------------------------------------------------------------- the money
def now(table: str, columns: str) -> str:
    """A table of the last version of each row, with columns out of the line itself."""
    told = re.sub(r"\w+", r"json_extract(told, '$.row.\g<0>') AS \g<0>", columns)
    return (f"CREATE TABLE {table} AS SELECT id, max(version) AS version, {told} FROM held"
            f" WHERE name = '{table}' AND json_valid(told) GROUP BY id;")
PLACE = "presence_id || ' ' || funding_key || ' ' || year AS place, indicator_id AS split"
LAID = f"""{now("voucher", "total_fen, state")}
{now("voucher_line", "voucher_id, stage, debit, credit, amount_fen, sign, counted, presence_id,"
                     " funding_key, year, indicator_id")}
CREATE VIEW counts AS SELECT *, amount_fen AS fen FROM voucher_line WHERE counted;
CREATE VIEW side AS SELECT debit AS account, {PLACE}, fen FROM counts
    UNION ALL SELECT credit, {PLACE}, -fen FROM counts;"""
CHECKS = (  # must find nothing. Of an entry that moves two amounts (归垫, 退回) one line is told.
    ("money.sum", """SELECT 'voucher', id, version FROM voucher LEFT JOIN (SELECT voucher_id,
        sum(CASE WHEN stage = 'repayment' AND 'lender' NOT IN (debit, credit) OR stage = 'refund'
        AND debit || credit IN ('streetcommunity', 'communitystreet') THEN 0 ELSE amount_fen END)
        t FROM voucher_line GROUP BY 1) ON voucher_id = id WHERE coalesce(t, 0) <> total_fen"""),
    ("money.confirmed", """SELECT 'voucher_line', l.id, l.version FROM voucher_line l
    LEFT JOIN voucher v ON v.id = voucher_id WHERE ifnull(counted <> (state = 'confirmed'), 1)"""),
    ("money.overdrawn", """SELECT account, place, '' FROM side
        WHERE account NOT IN ('source', 'carried', 'opening')
        GROUP BY account, place, iif(account = 'allotted', split, '')
        HAVING sum(iif(account = 'lender', -fen, fen)) < 0"""))
TOTALS = """SELECT 'account ' || account, sum(fen) FROM side WHERE account <> '' GROUP BY 1
    UNION ALL SELECT 'stage ' || stage, sum(sign * fen) FROM counts GROUP BY 1"""
def add_up(package: Package, db: Any) -> None:
    """Find what the vouchers and their lines do not say alike; add up the totals."""
    db.executescript(LAID)
    for kind, query in CHECKS if package.whole else ():
        for row in db.execute(query + " LIMIT 1"):
            raise Fault(kind, 0, row)
    rows = {f"rows {name[5:-6]}": told["rows"] for name, told in package.files.items()
            if name[:5] == "rows/" and told["rows"]}
    need(package.totals in (None, rows | dict(db.execute(TOTALS))), "total")
# ------------------------------------------------------------------------------ what is asked
def check_package(args: argparse.Namespace, path: str, kept: str | None = None) -> list[str]:
    """What to say of a package; the newest key signs, older ones are good for what was kept."""
    package, said = Package(path), []
    keys = keys_of(package.read("log/keys.txt").decode("utf-8", "replace"), [*map(vkey, args.key)])
    witnesses = [vkey(one, 4) for one in args.witness]
    signed = [Checkpoint(package.read("log/checkpoint"), [keys[-1], *witnesses])]
    beside = keys[-1]._replace(name=f"{signed[0].origin}/sm3")
    if "log/checkpoint.sm3" in package.names and "sm3" in hashlib.algorithms_available:
        signed.append(Checkpoint(package.read("log/checkpoint.sm3"), [beside]))
    elif "log/checkpoint.sm3" in package.names:
        said.append("本机没有 SM3，未核验 not checked, this Python has no SM3: log/checkpoint.sm3")
    need({one.size for one in signed} == {package.size}, "checkpoint.size", package.size)
    need((seen := len(signed[0].seen) - 1) >= (args.at_least or len(witnesses)), "witness.few")
    old = Checkpoint(Path(kept).read_bytes(), keys) if kept else None
    if old and not package.whole:
        raise CannotTellError("部分导出不能与旧检查点比较 a part cannot be compared with a checkpoint")
    need(not old or old.size <= package.size, "log.kept", package.size + 1)
    many = (walk if package.whole else walk_part)(package, signed, old)
    with closing(sqlite3.connect("")) as db:  # on disk where there is more than 64 MiB
        db.executescript("PRAGMA cache_size = -65536; CREATE TABLE held (name, id, version, told)")
        lay_side_by_side(package, db)
        add_up(package, db)
    for name in sorted(set(package.files) - package.measured):
        any(False for _ in package.pieces(name))
    need(not package.odd, "file.digest", detail=sorted(package.odd))
    if not args.key:
        told = package.read("log/keys.txt").decode().split()[0]
        said.append(f"公钥取自审计包本身，请与公布的核对 the package's own key, compare: {told}")
    if package.withheld:  # digests of passwords, who complained: their digests stand in the entries
        said.append(f"未随包给出 withheld: {', '.join(one for one, in package.withheld)}")
    said += ["部分导出 a part of the log: what it leaves out is not proven absent"][package.whole :]
    return [f"核验通过 verified: {signed[0].origin} seq {package.size}; {many} 条日志 entries; {seen} 个见证"
            f" witnesses; {len(package.files)} 个文件 files; root {signed[0].root.hex()}", *said]
def check_receipt(args: argparse.Namespace, path: str) -> list[str]:
    """One receipt, and the entry that it shows."""
    index, steps, entry, note = receipt(Path(path).read_bytes())
    entry = Path(args.entry).read_bytes().removesuffix(b"\n") if args.entry else entry
    if not args.key or entry is None:
        raise CannotTellError("请给出 name the log's --key, and the --entry if the receipt holds none")
    signed = Checkpoint(note, [*map(vkey, args.key), *(vkey(one, 4) for one in args.witness)])
    climb(entry, index, steps, signed)
    return [f"核验通过 verified: {signed.origin} seq {index + 1} / {signed.size}", entry.decode()]
def main() -> int:
    """Exit code 0, 1 or 2, as told above."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("words", nargs="+", help="what to check, as told above")
    parser.add_argument("--key", action="append", default=[], help="a key of the log you trust")
    parser.add_argument("--witness", action="append", default=[], help="key of a witness")
    parser.add_argument("--at-least", type=int, help="so many of them have signed (default: all)")
    parser.add_argument("--entry", help="file with the entry of a receipt that holds none")
    verb, *more = (args := parser.parse_args()).words
    if len(more) != {"proof": 1, "consistency": 2}.get(verb, 0):
        parser.error("PACKAGE, proof FILE or consistency OLD PACKAGE")
    try:
        if gone := [f for f in (*(more or [verb]), args.entry) if f and not Path(f).exists()]:
            raise CannotTellError(f"没有这个文件 no such file: {', '.join(gone)}")
        said = {"proof": check_receipt}.get(verb, check_package)(args, args.words[-1], *more[:-1])
    except (CannotTellError, Fault, *BROKEN) as why:
        told = Fault("file.unreadable", detail=str(why)) if isinstance(why, BROKEN) else why
        blind = isinstance(why, CannotTellError)
        print("无法核验 cannot tell:" if blind else "核验未通过 not verified:", told, file=sys.stderr)
        return 2 if blind else 1
    print(*said, sep="\n")
    return 0
if __name__ == "__main__":
    sys.exit(main())
