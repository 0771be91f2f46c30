"""Whether a quote stands where its evidence says: in the text of a page or file, or in what axe-core reported of it."""

from audits.text import normal, squeeze
from crawler.capture import Page, PageFacts, Seen

ELLIPSIS = "…"


def stands_in(quote: str, page: Page, words: str) -> bool:
    """Whether a page bears a quote; `words` is `words_of` the page. Accents, case and punctuation do not count.

    A quote of an accessibility finding is the markup of an element, which the browser reported, or the name of the rule.
    An element that scripts made is found in what trying the page out reported.
    """
    begun = quote.removesuffix(ELLIPSIS)
    tried = page.seen or Seen()
    shown = [*(tried.reflow.wide if tried.reflow else ()), *(tried.keyboard.unreached if tried.keyboard else ())]
    return (
        any(squeeze(node.snippet).startswith(begun) for node in shown)
        or normal(begun) in words
        or any(begun == rule.id or any(squeeze(node.snippet).startswith(begun) for node in rule.nodes) for rule in page.axe or ())
    )


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
