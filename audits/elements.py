"""Kinds of elements, by how a person who sees a page is given what is in them."""

APART = frozenset(
    {"head", "script", "style", "link", "meta", "template", "svg", "math", "noscript", "object", "canvas", "datalist"}
)
INLINE = frozenset({"b", "strong", "i", "em", "span", "font", "u", "sup", "sub", "mark", "small", "abbr"})
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "select", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
TELLING = BLOCKS | {"a", "area", "iframe", "frame", "embed", "input", "textarea", "img", "button"}
"""Elements that say something even without attributes."""
