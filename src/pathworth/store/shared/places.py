"""Files where several machines find them: a folder that all of them mount, or object storage by its address."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
from pyarrow import fs

from pathworth.base.errors import BadInput, StoreTrouble
from pathworth.store.files import sync_file

CACHE_VARIABLE, CACHE = "PATHWORTH_CACHE", "pathworth-cache"
"""Where a machine keeps what it fetched: in the working folder of its process unless it says so."""
AZURE_KEY = "AZURE_STORAGE_KEY"
"""The key of an account of Azure's storage, in the environment of whoever reads and writes there."""
_AUTHORITIES = ("blob_storage_authority", "dfs_storage_authority")
_CHUNK = 16 << 20
PART = ".part"
"""Ends the name of what is not whole yet."""
_LOCK = ".lock"
_LOOK_S = 60.0
"""So often at most a process looks whether what its machine keeps is there still."""
_PUT = "shared:"
"""What begins how a file is found that was put somewhere; no absolute path does."""


@dataclass(frozen=True)
class Shared:
    """A place for files that several machines see.

    Parameters
    ----------
    address
        A folder, or an address that Arrow reads, such as ``s3://bucket/shop?region=eu-west-1``; what is needed to log
        in comes from the environment of each machine.
    """

    address: str

    def within(self, folder: str) -> Shared:
        """Return a folder of this place."""
        said = urlsplit(self.address)
        if not said.scheme:
            return Shared(str(Path(self.address).absolute() / folder))
        return Shared(said._replace(path=f"{said.path.rstrip('/')}/{folder}").geturl())

    def put(self, file: Path, name: str) -> str:
        """Let a file of this machine be there under a name, and return where it is found; once is enough.

        A name stands for the same bytes for ever: whoever gives it sees to that.

        Raises
        ------
        StoreTrouble
            ``SHARED_UNREACHABLE``.
        """
        if self.size(name) != file.stat().st_size:
            self.write(file, name)
        return self.found(name)

    def found(self, name: str) -> str:
        """Return where a file is found that is there under a name."""
        return f"{_PUT}{name}@{self.address}"

    def size(self, name: str) -> int | None:
        """Return the bytes of a file that is there under a name; null where there is none."""
        system, root = self._place
        with _trouble(self.address):
            held = system.get_file_info(f"{root}/{name}")
        return int(held.size) if held.type == fs.FileType.File else None

    def write(self, file: Path, name: str) -> None:
        """Let a file of this machine be there under a name, whatever is there now; raises as ``put`` does."""
        system, root = self._place
        with _trouble(self.address):
            self._write(system, file, f"{root}/{name}")

    @contextmanager
    def reading(self, name: str) -> Iterator[pa.NativeFile]:
        """Open a file that is there, to read parts of it; raises as ``put`` does."""
        system, root = self._place
        with _trouble(self.address), system.open_input_file(f"{root}/{name}") as source:
            yield source

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file that is there; raises as ``put`` does."""
        system, root = self._place
        with _trouble(self.address), system.open_input_stream(f"{root}/{name}") as source:
            while chunk := source.read(_CHUNK):
                yield chunk

    def remove(self, name: str) -> None:
        """Remove all that is there under a name and below it."""
        system, root = self._place
        with _trouble(self.address):
            if system.get_file_info(f"{root}/{name}").type != fs.FileType.NotFound:
                # What is there goes; the folder itself may be nothing but the beginning of names.
                with suppress(FileNotFoundError):
                    system.delete_dir(f"{root}/{name}")

    def names(self) -> dict[str, float | None]:
        """Return the name of everything that is there, with the second in which it came; null where none is known."""
        system, root = self._place
        with _trouble(self.address):
            found = _files(system, root)
        return {one.path.removeprefix(f"{root}/"): _second(one) for one in found}

    def sizes(self) -> dict[str, int]:
        """Return the name of everything that is there, with its bytes."""
        system, root = self._place
        with _trouble(self.address):
            found = _files(system, root)
        return {one.path.removeprefix(f"{root}/"): int(one.size) for one in found}

    def drop(self, name: str) -> None:
        """Remove one file; one that is not there is no trouble."""
        system, root = self._place
        with _trouble(self.address), suppress(FileNotFoundError):
            system.delete_file(f"{root}/{name}")

    def _write(self, system: fs.FileSystem, file: Path, path: str) -> None:
        if isinstance(system, fs.LocalFileSystem):
            place = Path(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            aside = place.with_name(f"{place.name}.{os.urandom(6).hex()}{PART}")
            shutil.copyfile(file, aside)
            # It may soon be the only one.
            with aside.open("rb+") as whole:
                os.fsync(whole.fileno())
            aside.replace(place)
            # Not every network's disk knows how to sync a folder.
            with suppress(OSError):
                sync_file(place.parent)
            return
        # Object storage shows a file when it is whole.
        with file.open("rb") as source, system.open_output_stream(path) as out:
            shutil.copyfileobj(source, out, _CHUNK)

    @cached_property
    def _place(self) -> tuple[fs.FileSystem, str]:
        return _opened(self.address)


def find(found: str) -> Path:
    """Return where a file lies on this machine; one that lies in object storage is fetched first, once.

    Parameters
    ----------
    found
        What ``put`` returned, or a path that every machine has.

    Raises
    ------
    StoreTrouble
        ``SHARED_UNREACHABLE``.
    """
    if not found.startswith(_PUT):
        return Path(found)
    name, address = _parts(found)
    system, root = _opened(address)
    if isinstance(system, fs.LocalFileSystem):
        return Path(root) / name
    cache = Path(os.environ.get(CACHE_VARIABLE, CACHE)).absolute()
    kept = cache / hashlib.sha256(address.encode()).hexdigest()[:16]
    place = kept / name
    if not place.exists():
        _cached(system, f"{root}/{name}", place, address)
        if time.monotonic() - _looked.get(kept, -_LOOK_S) >= _LOOK_S:
            _looked[kept] = time.monotonic()
            _let_go(kept, system, root, address)
    return place


def name_in(found: str) -> str:
    """Return the name under which ``put`` left a file."""
    return _parts(found)[0]


def size_of(found: str) -> int | None:
    """Return the bytes of a file that ``put`` left; null where there is none. Raises as ``find`` does."""
    name, address = _parts(found)
    return Shared(address).size(name)


def _parts(found: str) -> tuple[str, str]:
    """Return name and address of what ``put`` returned."""
    name, _, address = found.removeprefix(_PUT).partition("@")
    return name, address


_looked: dict[Path, float] = {}


def _let_go(kept: Path, system: fs.FileSystem, root: str, address: str) -> None:
    """Remove what this machine keeps of files that are gone: whoever was erased is in none that is there."""
    with _trouble(address):
        there = {one.path.removeprefix(f"{root}/") for one in _files(system, root)}
    for file in kept.rglob("*"):
        whole = file.is_file() and file.suffix not in (PART, _LOCK)
        if whole and file.relative_to(kept).as_posix() not in there:
            file.unlink(missing_ok=True)


def _files(system: fs.FileSystem, root: str) -> list[fs.FileInfo]:
    found = system.get_file_info(fs.FileSelector(root, allow_not_found=True, recursive=True))
    return [one for one in found if one.type == fs.FileType.File]


def _second(file: fs.FileInfo) -> float | None:
    return None if file.mtime_ns is None else file.mtime_ns / 1e9


def fetch(found: str, place: Path) -> None:
    """Copy a file that ``put`` left to a place of this machine, onto its disk; raises as ``find`` does."""
    name, address = _parts(found)
    with place.open("wb") as out:
        for chunk in Shared(address).chunks(name):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())


def _cached(system: fs.FileSystem, path: str, place: Path, address: str) -> None:
    """Fetch a file; of several processes one does, and the others wait."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}{_LOCK}").open("w") as lock, _trouble(address):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():
            return
        with tempfile.NamedTemporaryFile(dir=place.parent, suffix=PART, delete=False) as aside:
            try:
                with system.open_input_stream(path) as source:
                    shutil.copyfileobj(source, aside, _CHUNK)
                aside.close()
                Path(aside.name).replace(place)
            except BaseException:
                Path(aside.name).unlink(missing_ok=True)
                raise


@lru_cache(maxsize=16)
def _opened(address: str) -> tuple[fs.FileSystem, str]:
    if not urlsplit(address).scheme:
        return fs.LocalFileSystem(), str(Path(address).absolute())
    try:
        system, root = _azure(address) or fs.FileSystem.from_uri(address)
    except (pa.ArrowInvalid, OSError, ValueError) as error:
        raise BadInput(
            "BAD_SHARED",
            f"{without_secrets(address)} is no place for files.",
            "Name a folder that every machine mounts, or an address such as s3://bucket/shop.",
        ) from error
    return system, root.rstrip("/")


def _azure(address: str) -> tuple[fs.FileSystem, str] | None:
    """Return a place in Azure's storage where the account's key is in the environment; null for any other address.

    Arrow takes a key from an address alone, where everybody would see it.
    """
    said, key = urlsplit(address), os.environ.get(AZURE_KEY)
    if said.scheme not in ("abfs", "abfss") or not key or not said.username or said.password:
        return None
    words = dict(parse_qsl(said.query))
    scheme = "http" if words.get("enable_tls") == "false" else "https"
    given = {name: words[name] for name in _AUTHORITIES if name in words}
    system = fs.AzureFileSystem(
        (said.hostname or "").partition(".")[0],
        account_key=key,
        blob_storage_scheme=scheme,
        dfs_storage_scheme=scheme,
        **given,
    )
    return system, f"{said.username}{said.path}"


def without_secrets(address: str) -> str:
    """Return an address without what logs in there."""
    said = urlsplit(address)
    host = said.netloc.rpartition("@")[2]
    return f"{said.scheme}://{host}{said.path}" if said.scheme else address


@contextmanager
def _trouble(address: str) -> Iterator[None]:
    """Turn errors of storage into one that says which it was."""
    try:
        yield
    except OSError as error:
        raise StoreTrouble(
            "SHARED_UNREACHABLE",
            f"{without_secrets(address)} does not answer: {error}",
            "Look at the address, at who may read and write there, and at the network between.",
        ) from error
