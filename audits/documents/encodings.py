"""Text of files, which rarely say how they are encoded, and how much of it is kept."""

MAX_TEXT = 20_000
"""Characters of a document that are kept."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOKED_AT = 4096


def decoded(data: bytes) -> str:
    """The text by its byte-order mark, else as UTF-16 where every other byte is zero, as UTF-8 where valid, else Windows-1252.

    A character that was cut in two at the end does not count against UTF-8. Never raises.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(encoding, "replace"))
    start = data[:_LOOKED_AT]
    if len(start) >= 8 and start[1::2].count(0) > 0.4 * len(start) / 2 > 4 * start[0::2].count(0):
        return _clean(data.decode("utf-16-le", "replace"))
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return _clean(data[: error.start].decode("utf-8"))
    return _clean(data.decode("cp1252", "replace"))


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")
