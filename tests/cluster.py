"""A throw-away PostgreSQL for the whole run, started before Django reads its settings.

Loaded with `-p tests.cluster` (see pyproject.toml). Set QUARTERHOUR_TEST_DATABASE_URL to use a server you have.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path

_HOME = Path(os.environ.get("QUARTERHOUR_TEST_HOME") or tempfile.mkdtemp(prefix="quarterhour-tests-"))


def _start_cluster() -> None:
    from quarterhour.config.postgres.ready import cluster_of

    _HOME.chmod(0o755)
    cluster = cluster_of(_HOME, throwaway=True)
    cluster.ensure_running()
    os.environ["DATABASE_URL"] = cluster.url()
    os.environ["QUARTERHOUR_TEST_HOME"] = str(_HOME)
    os.environ["QUARTERHOUR_HOME"] = str(_HOME / "home")
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:
            import shutil

            cluster.destroy()
            shutil.rmtree(_HOME, ignore_errors=True)

    atexit.register(stop)


if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ.setdefault("QUARTERHOUR_MODE", "development")
    if os.environ.get("QUARTERHOUR_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["QUARTERHOUR_TEST_DATABASE_URL"]
        os.environ.setdefault("QUARTERHOUR_HOME", str(_HOME / "home"))
    else:
        _start_cluster()
