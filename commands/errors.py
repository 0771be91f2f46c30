"""What goes wrong for a person, said in one sentence."""

from commands.wording import say


class UserError(Exception):
    """Something that the person can mend. `key` names a text under `[error]`; its blanks are filled by `values`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say(f"error.{key}", **values))


class NothingDoneError(UserError):
    """The command was right, but there was nothing that it could do: exit code 1 instead of 2."""
