"""ZIP packages and other archives: what they hold, and the first bytes of a member. Nothing is unpacked beyond a bound."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from typing import IO, NamedTuple

MAX_MEMBERS = 2000
_LONGEST_LIST = 1_000_000
_LOCAL = struct.Struct("<4s5H3I2H")
_END = struct.Struct("<4s4H2IH")
_END_WITHIN = 65_600
_UTF8, _HAS_DESCRIPTOR, _ENCRYPTED = 0x800, 0x8, 0x1
_STORED, _DEFLATED = 0, 8


def is_zip(body: bytes) -> bool:
    """Whether the bytes begin as a ZIP file does."""
    return body.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def inflated(raw: bytes, limit: int, bits: int = zlib.MAX_WBITS) -> bytes:
    """At most `limit` bytes of what a zlib stream holds; of a damaged one, what stands before the damage."""
    machine, whole = zlib.decompressobj(bits), bytearray()
    try:
        for start in range(0, len(raw), 16_384):
            whole += machine.decompress(raw[start : start + 16_384], limit - len(whole))
            if len(whole) >= limit or machine.eof:
                break
    except zlib.error:
        pass
    return bytes(whole)


class _Member(NamedTuple):
    offset: int
    size: int
    method: int
    locked: bool


class Package:
    """A ZIP file. One whose end is missing is read from its start, as far as it goes; then it is not `whole`."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._zip = _opened(body)
        self.whole = self._zip is not None
        self._members: dict[str, _Member] = {} if self._zip else dict(_walk(body))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the members, folders left out, at most MAX_MEMBERS."""
        every = self._zip.namelist() if self._zip else list(self._members)
        return tuple(dict.fromkeys(name for name in every if not name.endswith("/")))[:MAX_MEMBERS]

    @cached_property
    def encrypted(self) -> bool:
        """Whether its members open with a password only."""
        if self._zip:
            files = [info for info in self._zip.infolist() if not info.is_dir()]
            return bool(files) and all(info.flag_bits & _ENCRYPTED for info in files)
        return bool(self._members) and all(member.locked for member in self._members.values())

    def read(self, name: str, limit: int) -> bytes:
        """At most the first `limit` bytes of a member; b"" where there is none or it cannot be read."""
        try:
            if self._zip:
                with self._zip.open(name) as stream:
                    return _as_much(stream, limit)
            member = self._members.get(name)
            if member is None or member.locked:
                return b""
            raw = self._body[member.offset : member.offset + member.size] if member.size else self._body[member.offset :]
            return raw[:limit] if member.method == _STORED else inflated(raw, limit, -zlib.MAX_WBITS)
        except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, OSError, ValueError):
            return b""


def _as_much(stream: IO[bytes], limit: int) -> bytes:
    """What can be read before the damage, if there is some."""
    whole = bytearray()
    try:
        while len(whole) < limit:
            part = stream.read(min(65_536, limit - len(whole)))
            if not part:
                break
            whole += part
    except (zipfile.BadZipFile, zlib.error, EOFError):
        pass
    return bytes(whole)


def _opened(body: bytes) -> zipfile.ZipFile | None:
    """The ZIP file by its directory; None where it has none, or one so long that listing it would take seconds."""
    at = body.rfind(b"PK\x05\x06", max(0, len(body) - _END_WITHIN))
    if at < 0 or at + _END.size > len(body) or _END.unpack_from(body, at)[5] > _LONGEST_LIST:
        return None
    try:
        return zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error, UnicodeError):
        return None


def _walk(body: bytes) -> Iterator[tuple[str, _Member]]:
    """Members by the headers that stand before each of them."""
    at = 0
    for _ in range(MAX_MEMBERS):
        if at + _LOCAL.size > len(body):
            return
        mark, _, flags, method, _, _, _, packed, _, name_length, extra = _LOCAL.unpack_from(body, at)
        if mark != b"PK\x03\x04" or method not in (_STORED, _DEFLATED):
            return
        name = body[at + _LOCAL.size : at + _LOCAL.size + name_length].decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        start = at + _LOCAL.size + name_length + extra
        size = 0 if flags & _HAS_DESCRIPTOR else packed
        yield name, _Member(start, size, method, bool(flags & _ENCRYPTED))
        following = start + size if size or not flags & _HAS_DESCRIPTOR else body.find(b"PK\x03\x04", start)
        if following < start:
            return
        at = following
