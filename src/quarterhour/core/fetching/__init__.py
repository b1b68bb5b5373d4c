"""The one door through which an address that somebody typed is fetched. docs/calendars.md tells its promises.

Never called inside a transaction or a web request: a job does it.
"""

from quarterhour.core.fetching.addresses import BadAddress, NotPublic, Target, read_address
from quarterhour.core.fetching.fetch import Fetched, FetchFailed, Silent, TooLarge, fetch

__all__ = [
    "BadAddress",
    "FetchFailed",
    "Fetched",
    "NotPublic",
    "Silent",
    "Target",
    "TooLarge",
    "fetch",
    "read_address",
]
