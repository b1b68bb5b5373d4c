"""Words for what became of something, the same on every page."""

from __future__ import annotations

from quarterhour.web.templatetags.forms import HELPFUL

SAID = {"done": "Done", "doing": "Under way", "dropped": "Dropped. That is an answer too", "open": "Open again"}
LOOKING_BACK = HELPFUL  # whoever answers later chooses among the same five
# How much it helped, as it stands in a list.
TOLD = ("Did not help", "Helped a little", "Helped somewhat", "Helped a lot", "It moved you on")
