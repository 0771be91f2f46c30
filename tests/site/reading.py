"""Reading the pages that were written."""

from lxml import html


def tree(path):
    """A page, parsed."""
    return html.fromstring(path.read_bytes())


def words_of(element):
    """The text of an element with its white space made plain."""
    return " ".join(element.text_content().split())


def pages(site):
    """All pages below a folder."""
    return sorted(site.rglob("*.html"))
