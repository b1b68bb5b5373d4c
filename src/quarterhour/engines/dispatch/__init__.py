"""Now: who is asked next for whom, how long a wait is likely to be, and a whole day of it on a clock of its own."""

from quarterhour.engines.dispatch.line import OnCall, Place, in_line
from quarterhour.engines.dispatch.waiting import Wait, likely_wait
from quarterhour.engines.dispatch.waves import ORDINARY, Policy, Ring, next_rings

__all__ = ["ORDINARY", "OnCall", "Place", "Policy", "Ring", "Wait", "in_line", "likely_wait", "next_rings"]
