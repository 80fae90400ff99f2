"""What the environment keeps on disk: the ``.env`` file, private folders, and secrets made once."""

import base64
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from aggregator.provider import ConfigurationError


def parse_env_file(text: str) -> dict[str, str]:
    """``KEY=VALUE`` lines; ``#`` begins a comment, quotes may stand around a value, ``export`` before a key.

    Raises ``ConfigurationError`` with the number of a line that is none of these.
    """
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", line)
        if match is None:
            raise ConfigurationError("ENV_FILE", f"line {number} is not KEY=VALUE")
        values[match[1]] = _unquoted(match[2], number)
    return values


def _unquoted(value: str, number: int) -> str:
    if value[:1] in {"'", '"'}:
        match = re.fullmatch(r"""(['"])(.*?)\1(?:\s+#.*|\s*)""", value)
        if match is None:
            raise ConfigurationError("ENV_FILE", f"line {number} has a quote that does not end")
        return match[2]
    return re.split(r"(?:^|\s)#", value, maxsplit=1)[0].strip()


def load_env_file(environ: Mapping[str, str], base: Path) -> dict[str, str]:
    """*environ*, with what the file ``ENV_FILE`` (``.env`` unless set; set but empty: none) says beneath it."""
    path = environ.get("ENV_FILE", ".env").strip()
    if not path:
        return dict(environ)
    try:
        text = (base / path).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if "ENV_FILE" in environ:
            raise ConfigurationError("ENV_FILE", "there is no such file") from None
        return dict(environ)
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("ENV_FILE", "the file cannot be read as UTF-8 text") from None
    return {**parse_env_file(text), **environ}


def private_folder(path: Path) -> Path:
    """*path*, made with mode 0700 where it was missing. Raises ``ConfigurationError`` about ``VAR_DIR``."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError("VAR_DIR", f"a folder in it cannot be made ({error.strerror})") from None
    return path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file *path* (mode 0600), made once; of two processes at once both get the same one."""
    try:
        if not path.exists():
            _write_once(path, make())
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("VAR_DIR", f"the secret {path.name} in it cannot be made or read") from None
    if not value:
        raise ConfigurationError(
            "VAR_DIR", f"the secret {path.name} in it is empty; remove the file or restore it"
        )
    return value


def _write_once(path: Path, value: str) -> None:
    """Write beside *path*, then link: the link either shows the whole secret or another process was first."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()


def new_secret_key() -> str:
    """Sixty-four characters from the system's randomness."""
    return secrets.token_urlsafe(48)


def new_token_key() -> str:
    """A Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
