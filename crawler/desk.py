"""The reader, in a process of its own: no page and no document can hang, crash or fill the crawler.

The parsers beneath the reader are written in C and meet whatever a portal sends. What kills them here costs one page.
"""

import asyncio
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal

from .guide import Facts, Reader

Trouble = Literal["timeout", "crashed", "memory", "error"]

READINGS = 2000
"""After so many the process is replaced, so that what parsers leak does not add up."""
START_SECONDS = 60.0
GRACE_SECONDS = 2.0
"""How long after its time a reading whose crawler is gone ends itself."""
PIECE = 1 << 20
LENGTH = struct.Struct(">Q")
SERVE = "import sys; from crawler.desk import serve; serve(*sys.argv[1:])"


class UnreadableError(Exception):
    """One body could not be read. `kind`: it took too long, its reader died, memory ran out, or the reader raised an error."""

    def __init__(self, kind: Trouble, message: str) -> None:
        super().__init__(message)
        self.kind: Trouble = kind


class Desk:
    """Reads one body after the other in a child process, which is started when it is first needed.

    `reader` is a function of a module (the child imports it by name); `seconds` is how long one reading may take,
    `bytes_limit` how much memory the child may use. Raises ValueError for a reader that cannot be imported by name.
    """

    def __init__(self, reader: Reader, seconds: float, bytes_limit: int) -> None:
        name, module = getattr(reader, "__qualname__", "<"), getattr(reader, "__module__", "__main__")
        if not name.isidentifier() or module == "__main__":
            raise ValueError(f"The reader {reader!r} must be a function of a module that can be imported.")
        self._name, self._module = name, module
        self._seconds, self._bytes_limit = seconds, bytes_limit
        self._turn = asyncio.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._hears: asyncio.StreamReader
        self._tells: asyncio.StreamWriter
        self._readings = 0

    async def read(self, body: bytes, url: str, media_type: str, charset: str) -> Facts:
        """The facts of one body. Raises UnreadableError; the next reading is not touched by it."""
        question = pickle.dumps((body, url, media_type, charset), protocol=5)
        async with self._turn:
            if self._child is None or self._readings >= READINGS:
                await self._start()
            self._readings += 1
            kind, value = await self._ask(question, self._seconds)
            if kind == "facts":
                facts: Facts = value
                return facts
            if kind == "memory":
                self._stop()
            raise UnreadableError(kind, value)

    async def open(self) -> None:
        """Start the child before it is needed, so that the first page does not pay for it with its portal's time."""
        async with self._turn:
            if self._child is None:
                await self._start()

    async def close(self) -> None:
        """End the child. May be called at any time, also twice; a reading under way ends as crashed."""
        self._stop()

    async def _start(self) -> None:
        """A new child in place of the old one."""
        self._stop()
        ours, theirs = socket.socketpair()
        told = (str(theirs.fileno()), self._module, self._name, str(self._seconds), str(self._bytes_limit))
        paths = os.pathsep.join(path or str(os.getcwd()) for path in sys.path)  # noqa: PTH109
        self._child = subprocess.Popen(
            [sys.executable, "-c", SERVE, *told],
            env=os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            pass_fds=(theirs.fileno(),),
            process_group=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._readings = 0
        self._hears, self._tells = await asyncio.open_unix_connection(sock=ours, limit=PIECE)
        kind, value = await self._ask(b"", START_SECONDS)
        if kind != "ready":
            self._stop()
            raise UnreadableError(kind, f"the reader could not be started: {value}")

    async def _ask(self, question: bytes, seconds: float) -> tuple[Any, Any]:
        """One question to the child and its answer; whatever keeps it from answering ends the child."""
        try:
            async with asyncio.timeout(seconds):
                self._tells.write(LENGTH.pack(len(question)))
                self._tells.write(question)
                await self._tells.drain()
                (length,) = LENGTH.unpack(await self._hears.readexactly(LENGTH.size))
                answer: tuple[Any, Any] = pickle.loads(await self._hears.readexactly(length))
                return answer
        except TimeoutError:
            self._stop()
            return "timeout", f"not read within {seconds:g} s"
        except (OSError, EOFError):
            return "crashed", _how_it_ended(self._stop())
        except BaseException:
            self._stop()  # whoever waited is gone; an answer that nobody awaits must not meet the next question
            raise

    def _stop(self) -> int:
        """End the child, if there is one; gives its exit code (0 without one)."""
        child, self._child = self._child, None
        if child is None:
            return 0
        if hasattr(self, "_tells"):
            self._tells.close()
        child.kill()  # of one that died by itself the code stays what it was
        return child.wait()


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"the reader was ended by {signal.Signals(-code).name}"
    return f"the reader ended with code {code}"


# In the child ---


def serve(descriptor: str, module: str, name: str, seconds: str, bytes_limit: str) -> None:
    """Answer questions from a socket until it is closed: what the child process does."""
    from resource import RLIMIT_CORE, RLIMIT_DATA, setrlimit

    with socket.socket(fileno=int(descriptor)) as line, line.makefile("rb", PIECE) as hears:
        setrlimit(RLIMIT_CORE, (0, 0))
        setrlimit(RLIMIT_DATA, (int(bytes_limit), int(bytes_limit)))
        reader: Reader | None = None

        def answer(question: bytes) -> tuple[str, Any]:
            nonlocal reader
            if reader is None:
                reader = getattr(import_module(module), name)
                return "ready", ""
            return "facts", reader(*pickle.loads(question))

        while head := hears.read(LENGTH.size):
            # A crawler that was killed ends no reading: the child does it itself.
            signal.setitimer(signal.ITIMER_REAL, max(float(seconds), START_SECONDS * (reader is None)) + GRACE_SECONDS)
            reply = _safely(answer, hears.read(LENGTH.unpack(head)[0]))
            line.sendall(LENGTH.pack(len(reply)))
            line.sendall(reply)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _safely(answer: Callable[[bytes], tuple[str, Any]], question: bytes) -> bytes:
    """The answer, or what kept it from being given."""
    try:
        return pickle.dumps(answer(question), protocol=5)
    except MemoryError:
        return pickle.dumps(("memory", "memory ran out"))
    except Exception as error:
        return pickle.dumps(("error", f"{type(error).__name__}: {error}"[:500]))
