"""One request of a page, and what kinds of them there are."""

from dataclasses import dataclass

FILLING = frozenset({"Document", "Script", "XHR", "Fetch"})
"""CDP's Network.ResourceType of what may fill a page. Pictures, styles, fonts, media and pings only adorn or count it."""
ADORNING = frozenset({"Stylesheet", "Font", "Image"})
"""What decides how a page looks: it is waited for, too, but not for long."""
UNHURRIED = frozenset({"Low", "VeryLow"})
"""CDP's Network.ResourcePriority of scripts that a page does not wait for."""
WAITING, CAME, UNKNOWN = "no answer", "", "not in the archive"
WITHHELD = frozenset({UNKNOWN, "AccessDenied", "Aborted", "BlockedByClient"})
"""States of what did not come by our doing: another visitor may well get it."""


@dataclass(slots=True)
class Wish:
    """One request. `state` is CAME, WAITING or why it did not come; `urgent`: the page waits for it; `of_page`: it is the page.

    `whole`: all of it has come. `name` is CDP's Network.RequestId, `kind` its Network.ResourceType, `size` in bytes; `sent` is
    that of what we gave it.
    """

    url: str
    kind: str
    urgent: bool
    of_page: bool
    name: str
    state: str = WAITING
    whole: bool = False
    size: int = 0
    sent: int = 0
