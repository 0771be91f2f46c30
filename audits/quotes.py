"""Whether a quote stands where its evidence says: in the text of a page or file, or in what the browser reported of it."""

from collections.abc import Iterator

from audits.text import normal, squeeze
from crawler.capture import Element, Page, PageFacts, Seen

ELLIPSIS = "…"
_TITLE_KEPT = 200
"""Characters of a page's title that rules on titles show."""


def stands_in(quote: str, page: Page, words: str) -> bool:
    """Whether a page bears a quote; `words` is `words_of` the page. Accents, case and punctuation do not count.

    A quote of an accessibility finding is the markup of an element, which the browser reported: scripts may have made it.
    """
    begun = quote.removesuffix(ELLIPSIS)
    return normal(begun) in words or any(squeeze(element.snippet).startswith(begun) for element in _shown(page))


def _shown(page: Page) -> Iterator[Element]:
    """The elements of which the browser told something: to axe-core, in a trial, or as assistive technology hears of them."""
    tried = page.seen or Seen()
    for rule in (*(page.axe or ()), *tried.checks):
        yield from rule.nodes
    yield from tried.reflow.wide if tried.reflow else ()
    yield from tried.keyboard.unreached if tried.keyboard else ()
    if page.facts:
        yield Element("title", f"<title>{page.facts.title[:_TITLE_KEPT]}</title>")
    yield from (voiced.element for voiced in tried.voiced)
    yield from (passage.element for passage in tried.passages)


def words_of(page: Page) -> str:
    """Everything that stands on a page or in a file, as one normalised text."""
    document = page.document
    if document is not None:
        signers = [f"{signature.signer} {signature.issuer}" for signature in document.signatures]
        return normal(" \n ".join([document.title, document.text, *document.members, *signers]))
    facts = page.facts or PageFacts()
    texts = [facts.title, *(s.text for s in facts.sections), *(f"{link.text} {link.url} {link.target}" for link in facts.links)]
    texts += [form.words for form in facts.forms] + [f"{c.label} {c.name}" for form in facts.forms for c in form.controls]
    addresses = [url for _, url in (*facts.resources, *facts.alternates)] + [media.url for media in facts.media]
    return normal(" \n ".join([*texts, *addresses]))
