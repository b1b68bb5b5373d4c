"""The one clock of the servers of a journey, as many seconds from the true one as a file says.

Python reads this before anything else, because LiveSite puts this folder on the path of what it starts.
The database, certificates and sign-in sessions keep the true time.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from quarterhour.core import clock

FILE = Path(os.environ["MOVED_CLOCK"])
TRUE = clock.now


def now():
    return TRUE() + timedelta(seconds=float(FILE.read_text()))


clock.now = now
