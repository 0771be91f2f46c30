"""A reader that does what the body says: the worst that parsers do."""

import ctypes
import os
import time

from crawler.capture import PageFacts

MEGABYTE = 1024 * 1024


def as_told(body: bytes, url: str, media_type: str, charset: str) -> PageFacts:
    """A reader that does what the body says."""
    match body.partition(b" ")[0]:
        case b"hang":
            time.sleep(60)
        case b"spin":
            while True:
                pass
        case b"leave":
            os._exit(3)
        case b"crash":
            ctypes.string_at(0)
        case b"fill":
            filled = [bytearray(MEGABYTE) for _ in range(4096)]
            return PageFacts(title=str(len(filled)))
        case b"break":
            raise ValueError("no such page")
    return PageFacts(title=str(os.getpid()), description=f"{len(body)} {url} {media_type} {charset}")
