"""What the site cannot do, in one sentence of `texts/<lang>.toml` with the remedy."""

from typing import ClassVar

from results.errors import ResultsError
from results.site.wording import fill, load_texts


class SiteError(ResultsError):
    """The site cannot be written; `code` names the sentence under `[error]`."""

    kind: ClassVar[str] = "site"

    def say(self, language: str = "en") -> str:
        """The sentence in one of our languages."""
        return fill(load_texts(language)[f"error.{self.code}"], {name: str(value) for name, value in self.values.items()})
