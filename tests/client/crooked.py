"""不可靠的线路 a proxy between a client and a real server, whose next answers a test spoils."""

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Spoil = Callable[[bytes], bytes]
"""What is left of an answer; nothing = the line is cut before a single octet of it."""
_END = b"\r\n\r\n"


def lost(_answer: bytes) -> bytes:
    """The request arrived and was done; its answer is lost."""
    return b""


def half(answer: bytes) -> bytes:
    """The line is cut in the midst of the body."""
    head = answer.index(_END) + len(_END)
    return answer[: head + (len(answer) - head) // 2]


def turned_away(status: int, after: str) -> Spoil:
    """A proxy before the registry answers in its place."""
    told = f"HTTP/1.1 {status} Busy\r\nretry-after: {after}\r\ncontent-length: 0\r\n"
    return lambda _answer: f"{told}connection: close\r\n\r\n".encode()


class Crooked:
    """The line: ``spoils`` are taken one by one, answer by answer; ``None`` lets one pass."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self.spoils = deque[Spoil | None]()
        self.of_content: Spoil | None = None
        """What spoils the next file that was made beside."""
        self.carried = 0
        self.asked: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._carrying = threading.Thread(target=self._carry_on, daemon=True)
        self._carrying.start()

    def close(self) -> None:
        """Hang up."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._carrying.join()

    def _carry_on(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            with near:
                near.settimeout(30)
                asked = _read_request(near)
                if asked:
                    self._carry(near, asked)

    def _carry(self, near: socket.socket, asked: bytes) -> None:
        self.carried += 1
        self.asked.append(asked)
        spoil = self.spoils.popleft() if self.spoils else None
        if b"/content " in asked:
            spoil, self.of_content = self.of_content, None
        with socket.create_connection(("127.0.0.1", self._upstream), timeout=30) as far:
            far.sendall(asked.replace(b"\r\n", b"\r\nconnection: close\r\n", 1))
            answer = b"".join(iter(lambda: far.recv(65536), b""))
        near.sendall(spoil(answer) if spoil else answer)


def _read_request(near: socket.socket) -> bytes:
    """One request, whole; this client's names of headers are in small letters or not."""
    read = b""
    while _END not in read:
        piece = near.recv(65536)
        if not piece:
            return b""
        read += piece
    head, _, body = read.partition(_END)
    lines = (line.split(b":", 1) for line in head.split(b"\r\n")[1:])
    told = {name.strip().lower(): value.strip() for name, value in lines}
    kept = b"\r\n".join(
        line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")
    )
    while len(body) < int(told.get(b"content-length", b"0")):
        body += near.recv(65536)
    return kept + _END + body


@contextmanager
def crooked(port: int) -> Iterator[Crooked]:
    """A line to a server of this machine."""
    line = Crooked(port)
    try:
        yield line
    finally:
        line.close()
