"""What things are called, in the language spoken: the names of `rules/vocabulary.toml`."""

from commands import store
from commands.wording import pick


def called(kind: str, key: str) -> str:
    """The name of a verdict, level, status … ("verdict", "passed"). One that the rules lack is an error of ours: KeyError."""
    return pick(store.rules().vocabulary[kind][key])


def sentence(words: str) -> str:
    """The words as they open a line: with a capital first."""
    return words[:1].upper() + words[1:]
