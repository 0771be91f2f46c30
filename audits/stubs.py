"""Pages that hold nothing yet: error pages, pages under construction, frames that scripts have still to fill."""

from typing import TYPE_CHECKING

from audits.text import normal
from crawler.capture import Page

if TYPE_CHECKING:
    from audits.site import Site

_STUB_WORDS, _UNFILLED_WORDS = 120, 20


def is_unfilled(page: Page, site: "Site") -> bool:
    """Whether scripts would still have to fill the page: we saw the frame, not what people see in it."""
    facts = page.facts
    if facts is None or page.rendered:
        return False
    if facts.shell or not facts.mounted:
        return facts.shell
    body = site.body(page)
    return sum(len(line.split()) for line in body.lines) < _UNFILLED_WORDS and not any(link.url for link in body.links)


def says_stub(page: Page, site: "Site") -> bool:
    """Whether a page says that it is an error page or not ready, and holds little else."""
    facts = page.facts
    if facts is None or is_unfilled(page, site):
        return True
    signs = (site.sign("error_page"), site.sign("under_construction"))
    head = " ".join([facts.title, *(s.heading for s in facts.sections if s.level in (1, 2))])
    text = normal(head[:500])
    if any(sign.find(text) for sign in signs[:1]):
        return True
    body = site.body(page)
    words = " ".join(body.lines)
    return words.count(" ") < _STUB_WORDS and any(sign.find(normal(words)) for sign in signs)
