"""The model folders: which there are, which one is used, and whether their files still are what they were.

A model folder is what ``stanza.Pipeline(dir=...)`` takes: ``resources.json`` and ``ar/PROCESSOR/NAME.pt``; ``encoder/`` is
there if a tagger needs one. Its file ``SHA256SUMS`` (as ``sha256sum`` writes it) lists every file that is ever read; nothing
is unpickled before its hash was compared.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
from collections.abc import Iterator

from kg.errors import ModelError
from kg.resources import folder

EMBEDDED, OFFICIAL = "embedded", "official"
SUMS = "SHA256SUMS"
_READ = ("resources.json", "ar/*/*.pt", "encoder/*")
"""What is read from a model folder."""


def path_of(model: str) -> pathlib.Path:
    """The folder of a model, given by its name or as a folder; it need not be there."""
    if model == EMBEDDED:
        return folder("models") / EMBEDDED
    return _official() if model == OFFICIAL else pathlib.Path(model).absolute()


def _official() -> pathlib.Path:
    from stanza.resources.common import DEFAULT_MODEL_DIR

    return pathlib.Path(DEFAULT_MODEL_DIR)


def is_here(model: str) -> bool:
    """Whether a model's files are on this machine."""
    return (path_of(model) / "ar" / "ner").is_dir()


def seal(path: pathlib.Path) -> pathlib.Path:
    """Write the hashes of a model folder's files as they are now: from here on a changed file is refused.

    Raises:
        ModelError: it is no model folder, or cannot be written to.

    """
    files = sorted(_files(path))
    if not (path / "ar" / "ner").is_dir():
        raise ModelError(
            f"{path} is no model folder: there is no ar/ner in it. Give the folder that holds resources.json"
        )
    lines = [f"{_sha256(file)}  {file.relative_to(path).as_posix()}\n" for file in files]
    try:
        (path / SUMS).write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise ModelError(f"the hashes of {path} cannot be written: {error}") from error
    return path / SUMS


def verify(path: pathlib.Path) -> None:
    """Do nothing if every file is what ``SHA256SUMS`` says, and no other file would be read.

    Raises:
        ModelError: a file has changed, is missing or is not listed; the message names it and says what to do.

    """
    known = _known(path)
    for name, expected in known.items():
        found = _sha256(path / name) if (path / name).is_file() else "missing"
        if found != expected:
            raise ModelError(
                f"{path / name} is not the file it was: its sha256 is {found}, {SUMS} says {expected}. "
                f"It is not loaded. {_REMEDY}"
            )
    for file in _files(path):
        if file.relative_to(path).as_posix() not in known:
            raise ModelError(f"{file} is not listed in {path / SUMS}. It is not loaded. {_REMEDY}")


_REMEDY = (
    "If it is the embedded model, install kg again; if it is the official one, run: kg models download; "
    "if it is a folder whose files you trust as they are now, run: kg models use FOLDER"
)


def fingerprint(model: str) -> str:
    """A model's kind and a hash of its files, as listed: ``embedded-`` and twelve letters.

    Raises:
        ModelError: the model is not here.

    """
    path = path_of(model)
    kind = model if model in (EMBEDDED, OFFICIAL) else path.name
    text = "".join(f"{name} {digest}\n" for name, digest in _known(path).items())
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _known(path: pathlib.Path) -> dict[str, str]:
    """The files listed in ``SHA256SUMS`` with their hashes."""
    try:
        lines = (path / SUMS).read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except FileNotFoundError as error:
        raise ModelError(f"there is no {path / SUMS}. {_how_to_get(path)}") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path / SUMS} is not a list of sha256 hashes and names: {error}. {_REMEDY}") from error


def _how_to_get(path: pathlib.Path) -> str:
    if path == folder("models") / EMBEDDED:
        return "It is part of the package; install kg again."
    if (path / "ar" / "ner").is_dir():
        return f"If you trust the files of this folder as they are now, run: kg models use {path}"
    return "To fetch Stanza's official model (600 MB, from Stanford and Hugging Face), run: kg models download"


def _files(path: pathlib.Path) -> Iterator[pathlib.Path]:
    return (file for pattern in _READ for file in path.glob(pattern) if file.is_file())


def _sha256(path: pathlib.Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _settings() -> pathlib.Path:
    base = os.environ.get("XDG_CONFIG_HOME") or pathlib.Path.home() / ".config"
    return pathlib.Path(base) / "kg" / "model"


def chosen() -> str:
    """The model that is used where none is named: the one that :func:`choose` was last called with, or the embedded one."""
    try:
        return _settings().read_text(encoding="utf-8").strip() or EMBEDDED
    except OSError:
        return EMBEDDED


def choose(model: str) -> None:
    """Use this model from now on, on this account.

    Raises:
        ModelError: it is not here, or the choice cannot be written down.

    """
    _known(path_of(model))
    name = model if model in (EMBEDDED, OFFICIAL) else str(path_of(model))
    try:
        _settings().parent.mkdir(parents=True, exist_ok=True)
        _settings().write_text(f"{name}\n", encoding="utf-8")
    except OSError as error:
        raise ModelError(f"the choice cannot be kept in {_settings()}: {error}") from error
