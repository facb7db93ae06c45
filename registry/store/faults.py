"""核验结果 what a verification says: how far the log came, and the first thing wrong with it."""

from registry.domain.records import Wire

SENTENCES = {
    "entry.unreadable": ("日志条目无法读取", "the entry cannot be read"),
    "entry.form": ("日志条目不是规范化 JSON", "the entry is not canonical JSON"),
    "entry.leaf": ("日志条目与其摘要不符", "the entry does not fit its leaf"),
    "entry.columns": ("日志列与条目内容不符", "an event column differs from the entry"),
    "log.gap": ("日志序号不连续", "a sequence number is missing"),
    "log.head": ("日志头与最后序号不符", "the head differs from the last event"),
    "log.kept": ("日志与另存的日志头不符", "the log differs from the head that was kept"),
    "log.kept_key": (
        "另存的检查点由本库日志没有的密钥签署：日志可能已恢复到密钥轮换之前，或者有人冒名签署",
        "what was kept is signed by a key that the log here does not have: it was put back to"
        " before that key took over, or somebody else signs in its name",
    ),
    "log.receipt": ("日志与所持回执不符", "the log does not hold what a receipt shows"),
    "entry.backdated": ("条目时间早于其前的检查点", "dated before a checkpoint that it came after"),
    "checkpoint.root": (
        "日志与已签署的检查点不符",
        "the log differs from what its checkpoint signed",
    ),
    "checkpoint.signature": ("检查点签名不符", "a checkpoint is not signed by the log's key"),
    "checkpoint.beyond": ("检查点多于日志", "more was signed or kept than the log holds"),
    "node.differs": ("日志树节点与日志不符", "a kept node is not what the log makes it"),
    "node.missing": ("缺少日志树节点", "a kept node is gone"),
    "row.table": ("条目指向不存在的表", "the entry names a table that is not there"),
    "row.missing": ("条目所列的记录不存在", "a row that the entry names is not there"),
    "row.unlogged": ("记录没有日志", "a row that no entry names"),
    "row.unreadable": ("记录无法读取", "the row cannot be read"),
    "row.digest": ("记录内容与摘要不符", "the row differs from its digest"),
    "row.derived": ("记录的派生列与内容不符", "a derived column differs from the row's body"),
    "row.entry": ("记录摘要与日志不符", "the row's digest differs from the entry's"),
    "row.closed": ("记录的止效与后续版本不符", "event_to is not the next version's event_from"),
    "row.first": ("缺少前一版本", "the version before is not there"),
    "document.changed": ("附件缺失或已改动", "a document is missing or was changed"),
}


class Head(Wire, frozen=True, kw_only=True):
    """日志头: how far a log had come, and the hash over all of it; worth keeping elsewhere."""

    county: str
    seq: int
    root: str
    """Merkle tree hash of the leaves 1 … seq, hex (RFC 9162 2.1.1)."""

    def __str__(self) -> str:
        return f"{self.county}:{self.seq}:{self.root}"


class Fault(Wire, frozen=True, kw_only=True):
    """异常: the first thing wrong, where it stands."""

    what: str
    county: str
    seq: int = 0
    table: str = ""
    id: str = ""
    version: int = 0
    detail: str = ""

    def __str__(self) -> str:
        zh, en = SENTENCES[self.what]
        place = f"{self.county} seq {self.seq}"
        if self.table:
            place += f" {self.table} {self.id} v{self.version}"
        return f"{self.what} {place}: {zh} / {en} {self.detail}".rstrip()


class Found(Exception):  # noqa: N818 - carries a finding, is no error
    """发现: ends a walk at the first thing wrong."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


class Kept(Wire, frozen=True, kw_only=True):
    """另存的依据: what somebody kept of the log elsewhere."""

    head: Head
    what: str = "log.kept"
    """What it is called where the log differs from it."""


class Report(Wire, frozen=True, kw_only=True):
    """核验结果 of one county."""

    head: Head
    """As far as the walk came."""
    rows: int = 0
    documents: int = 0
    checkpoints: int = 0
    nodes: int = 0
    rotations: list[str] = []
    """密钥轮换: worth knowing, and no fault."""
    fault: Fault | None = None


def parse_head(text: str) -> Head:
    """A head as printed, ``county:seq:root``.

    Raises:
        ValueError: another form.
    """
    county, seq, root = text.strip().split(":")
    if not (county.isdigit() and seq.isdigit() and bytes.fromhex(root)):
        raise ValueError(f"not a head: {text}")
    return Head(county=county, seq=int(seq), root=root.lower())
