"""Other people's calendars, read for one question alone: when is somebody busy?"""

from quarterhour.engines.calendars.busy import Busy, Unreadable, busy_in
from quarterhour.engines.calendars.events import Owner

__all__ = ["Busy", "Owner", "Unreadable", "busy_in"]
