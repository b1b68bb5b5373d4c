"""Pictures from plain numbers: dials, avatars, quarters and small charts.

Pure Python. A picture is either SVG as text (every word in it is escaped here) or, where a template
lays it out, a small record of classes, words and percentages. Nothing here knows Django or the clock.
"""

from quarterhour.web.drawing.avatar import avatar
from quarterhour.web.drawing.brief import Brief, brief
from quarterhour.web.drawing.dial import dial, wedge
from quarterhour.web.drawing.done_line import done_line
from quarterhour.web.drawing.heat import heat_chart
from quarterhour.web.drawing.icons import ICONS, icon, mark
from quarterhour.web.drawing.interval import Interval, interval
from quarterhour.web.drawing.quarter_clock import quarter_clock
from quarterhour.web.drawing.ring import ring
from quarterhour.web.drawing.strip import strip
from quarterhour.web.drawing.tracker import STEPS, Step, tracker
from quarterhour.web.drawing.week import Block, Day, Week, lasting, week
from quarterhour.web.drawing.whiskers import whiskers

__all__ = [
    "ICONS",
    "STEPS",
    "Block",
    "Brief",
    "Day",
    "Interval",
    "Step",
    "Week",
    "avatar",
    "brief",
    "dial",
    "done_line",
    "heat_chart",
    "icon",
    "interval",
    "lasting",
    "mark",
    "quarter_clock",
    "ring",
    "strip",
    "tracker",
    "wedge",
    "week",
    "whiskers",
]
