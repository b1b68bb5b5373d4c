"""One embedded cluster: a data folder, a socket folder, and the server on them."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from quarterhour.config.postgres.programs import PostgresTrouble, Programs, reachable_by_everyone

PATIENCE = 15.0  # seconds to wait for the remains of a crashed server
THROWAWAY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


@dataclass
class Cluster:
    """A cluster in `home`. Nothing is touched before `ensure_running`."""

    home: Path
    programs: Programs
    throwaway: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def as_root(self) -> bool:
        return os.geteuid() == 0

    @property
    def base(self) -> Path:
        """Where the data lies: in the home folder, or, for root with a closed home, beside the system's data."""
        if not self.as_root or all(p.stat().st_mode & 0o001 for p in self.home.parents if p.exists()):
            return self.home / "postgres"
        return Path("/var/lib/quarterhour") / self._short

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def sockets(self) -> Path:
        """A short path: a Unix socket's may not pass 107 characters."""
        return Path(tempfile.gettempdir()) / f"quarterhour-{os.geteuid()}-{self._short}"

    @property
    def _short(self) -> str:
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:10]

    def url(self, database: str = "quarterhour") -> str:
        return f"postgresql://quarterhour@/{database}?host={self.sockets}"

    def ensure_running(self) -> bool:
        """Make the cluster if it is new and start it if it rests. Returns whether it was started."""
        self._prepare()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._refuse_other_version()
        if self.is_running():
            return False
        self._start()
        return True

    def is_running(self) -> bool:
        done = self._run("pg_ctl", "-D", str(self.data), "status", check=False)
        return done.returncode == 0

    def stop(self) -> None:
        """Stop quickly: sessions are cut, nothing is lost."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "30", "stop", check=False)

    def destroy(self) -> None:
        """Stop and remove everything. For throw-away clusters."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _prepare(self) -> None:
        if self.as_root:
            self.programs = reachable_by_everyone(self.programs, Path("/var/cache/quarterhour"))
        self.base.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(exist_ok=True, mode=0o700)
        if self.as_root:
            nobody = pwd.getpwnam("nobody")
            for folder in (self.base, self.sockets):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        elif self.sockets.stat().st_uid != os.geteuid():
            raise PostgresTrouble(f"{self.sockets} belongs to somebody else. Remove it and start again.")

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what a killed initdb left is no cluster
        locale = ["--locale=C.UTF-8"]
        unicode = "PG_UNICODE_FAST" if self.programs.version >= 18 else "C.UTF-8"  # noqa: PLR2004 - new in 18
        if self.programs.version >= 17:  # noqa: PLR2004 - the first with a built-in Unicode locale
            locale += ["--locale-provider=builtin", f"--builtin-locale={unicode}"]
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "quarterhour",
            "--auth=trust",
            "--encoding=UTF8",
            *locale,
            *(["--no-sync"] if self.throwaway else []),
        )

    def _refuse_other_version(self) -> None:
        kept = int((self.data / "PG_VERSION").read_text())
        if kept != self.programs.version:
            raise PostgresTrouble(
                f"The data in {self.data} was written by PostgreSQL {kept}, and the programs are version "
                f"{self.programs.version}. With the programs of version {kept} run\n"
                f"  pg_dumpall -h {self.sockets} -U quarterhour > everything.sql\n"
                f"then move {self.data} away, start Quarterhour once, and load the file with\n"
                f"  psql -h {self.sockets} -U quarterhour -d postgres -f everything.sql"
            )

    def _start(self) -> None:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "max_connections=120",
            "shared_buffers=256MB",
            "jit=off",
            "random_page_cost=1.1",
            *(THROWAWAY if self.throwaway else []),
            *self.options,
        ]
        options = " ".join(f"-c {s}" for s in settings)
        log = self.base / "postgres.log"
        give_up = time.monotonic() + PATIENCE
        while True:
            done = self._run(
                "pg_ctl",
                "-D",
                str(self.data),
                "-l",
                str(log),
                "-w",
                "-t",
                "60",
                "-o",
                options,
                "start",
                check=False,
            )
            if done.returncode == 0 or self.is_running():
                return
            if time.monotonic() > give_up:
                raise PostgresTrouble(self._why(log))
            time.sleep(0.3)

    def _why(self, log: Path) -> str:
        try:
            told = log.read_text(errors="replace")[-2000:]
        except OSError:
            told = ""
        if "No space left" in told or shutil.disk_usage(self.base).free < 50_000_000:  # noqa: PLR2004 - a few WAL files
            return f"The disk that holds {self.base} is full. Free some space and start again: nothing saved was lost."
        last = told.strip().splitlines()[-3:]
        return "PostgreSQL did not start. Its last words:\n  " + "\n  ".join(last) + f"\nThe whole log: {log}"

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if self.as_root else {}
        done = subprocess.run(
            [self.programs(program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            **who,
        )
        if check and done.returncode != 0:
            if "No space left" in done.stdout:
                raise PostgresTrouble(f"The disk that holds {self.base} is full. Free some space and start again.")
            raise PostgresTrouble(f"{program} failed: {done.stdout.strip()[-600:]}")
        return done
