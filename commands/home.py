"""Where everything lies on disk: VEEDOR_HOME, laid out as in docs/architecture.md."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from commands.errors import UserError


@dataclass(frozen=True)
class Home:
    """The folder with the database and the runs. Nothing is created until it is needed."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "veedor.db"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    def make(self) -> None:
        """Create the folder, or say in one sentence why that cannot be done."""
        try:
            self.runs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError("home_not_writable", path=self.path, why=error.strerror) from error


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it stands there complete or not at all, even when the process is killed meanwhile."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
