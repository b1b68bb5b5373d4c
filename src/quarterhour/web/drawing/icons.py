"""Our icons, and the mark.

24 unit grid, round caps, the stroke follows the text. Hidden from ears: the word beside it is the name.
Length of time is never an icon, that is the dial; people are never an icon, that is the avatar.
"""

from __future__ import annotations

from quarterhour.web.drawing.svg import element, picture

ICONS = {
    "pen-line": "M4 20h16M5.5 16l.8-3.5L15 4a1.9 1.9 0 0 1 2.7 2.7L9 15.2z",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7",
    "scale": (
        "M12 4v16M7.5 20h9M5 7h14M5 7l-2.5 6.5h5zM19 7l-2.5 6.5h5zM2.5 13.5a2.5 2.5 0 0 0 5 0M"
        "16.5 13.5a2.5 2.5 0 0 0 5 0"
    ),
    "waypoints": (
        "M12 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 14a2 2 0 1 0 "
        "0-4 2 2 0 0 0 0 4zM12 20.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM10.5 7L6.5 10.5M13.5 7l4 3.5M7 "
        "12h10M6.5 13.5l4 3.5M17.5 13.5l-4 3.5"
    ),
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5h4",
    "file-text": "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16h6",
    "building-2": "M5 20.5v-17h9v17M14 9h5v11.5M3 20.5h18M8 7.5h3M8 11.5h3M8 15.5h3",
    "users": (
        "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M15.5 4.8a"
        "3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.7 3.5 5.5"
    ),
    "user-plus": ("M9.5 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M19 8v6M16 11h6"),
    "activity": "M3 12.5h4l3-8 4 15 3-7h4",
    "mail": "M3.5 5.5h17v13h-17zM3.5 7l8.5 6.5L20.5 7",
    "settings-2": (
        "M4 7.5h9M19 7.5h1M4 16.5h1M11 16.5h9M16 5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 14a2.5 "
        "2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"
    ),
    "arrow-right": "M4 12h15M13 6l6 6-6 6",
    "arrow-left": "M20 12H5M11 6l-6 6 6 6",
    "chevron-down": "M6 9.5l6 6 6-6",
    "chevron-right": "M9.5 6l6 6-6 6",
    "x": "M6 6l12 12M18 6L6 18",
    "plus": "M12 5v14M5 12h14",
    "check": "M4.5 12.5l5 5 10-11",
    "undo-2": "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11h-3",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5",
    "ellipsis": (
        "M5.4 12a.4.4 0 1 0-.8 0 .4.4 0 1 0 .8 0zM12.4 12a.4.4 0 1 0-.8 0 .4.4 0 1 0 .8 0z"
        "M19.4 12a.4.4 0 1 0-.8 0 .4.4 0 1 0 .8 0z"
    ),
    "external-link": "M14 4h6v6M20 4l-9 9M18 13.5V20H4V6h6.5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "mic": (
        "M12 3.5a2.75 2.75 0 0 1 2.75 2.75v5a2.75 2.75 0 0 1-5.5 0v-5A2.75 2.75 0 0 1 12 3.5zM"
        "5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"
    ),
    "mic-off": (
        "M3.5 3.5l17 17M9.25 9.25v2a2.75 2.75 0 0 0 4.6 2M14.75 10.2V6.25a2.75 2.75 0 0 0-5.2-"
        "1.25M5.5 11.5a6.5 6.5 0 0 0 10.5 5.1M18.5 11.5a6.5 6.5 0 0 1-.6 2.7M12 18v3"
    ),
    "video": "M3.5 7h11.5v10H3.5zM15 10.5l5.5-3v9l-5.5-3",
    "video-off": "M3.5 3.5l17 17M7 7H3.5v10H15v-2M10.5 7H15v4.5M15 10.5l5.5-3v9l-2.5-1.4",
    "monitor-up": "M3.5 4.5h17v11h-17zM12 15.5V20M8 20h8M12 12.5v-5M9.5 9.5L12 7l2.5 2.5",
    "picture-in-picture": "M20.5 11V4.5h-17v13H10M13 13.5h7.5v6H13z",
    "captions": "M3.5 6h17v12h-17zM7 14h4M14 14h3M7 10.5h2M12 10.5h5",
    "audio-lines": "M4 10v4M8 6.5v11M12 3.5v17M16 7.5v9M20 10.5v3",
    "rectangle-goggles": "M3 7.5h18v9h-5.5l-2-2.5h-3l-2 2.5H3z",
    "phone-off": "M3 13c5-5 13-5 18 0l-2.5 3-3.5-1.5V12M3 13l2.5 3L9 14.5V12",
    "send": "M20.5 3.5L10 14M20.5 3.5l-6.5 17-4-6.5-6.5-4z",
    "message-square": "M4 5h16v11.5H9.5l-4 3.5v-3.5H4z",
    "paperclip": (
        "M19.5 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.55 1.55 0 0 1-2.2-2.2l7.3-7.3"
    ),
    "headphones": (
        "M4 15.5V12a8 8 0 0 1 16 0v3.5M4 14h3.5v6h-2A1.5 1.5 0 0 1 4 18.5zM20 14h-3.5v6h2a1.5 1.5 0 0 0 1.5-1.5z"
    ),
    "shield-check": "M12 3l7.5 3v6c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6zM8.5 12l2.5 2.5 4.5-5",
    "lock": "M5.5 10.5h13V20h-13zM8.5 10.5v-3a3.5 3.5 0 0 1 7 0v3",
    "flag": "M5.5 21V4M5.5 4.5h12l-2.5 4 2.5 4h-12",
    "ban": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.7l12.6 12.6",
    "eye-off": (
        "M3.5 3.5l17 17M10 10a2.8 2.8 0 0 0 4 4M6.5 6.7C4.6 7.9 3.3 9.7 2.5 12c1.5 4 5 6.5 9.5 "
        "6.5 1.9 0 3.6-.5 5-1.3M10 5.7c.7-.1 1.3-.2 2-.2 4.5 0 8 2.5 9.5 6.5-.4 1.1-1 2.1-1.7 3"
    ),
    "circle-check": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.2l2.8 2.8L16 9.5",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.6v.1",
    "triangle-alert": "M12 4L2.5 20h19zM12 10v4.5M12 17.2v.1",
    "wifi-off": (
        "M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 5-2.7M2.5 8.5a14 14 0 0 1 4-2.6M14 "
        "9.2a10 10 0 0 1 5 2.8M11 5a14 14 0 0 1 10.5 3.5M12 19.2v.1"
    ),
    "history": "M4 12a8 8 0 1 0 2.5-5.8L3.5 9M3.5 4.5V9H8M12 8v4.5l3 1.5",
    "lightbulb": ("M9.5 18h5M10 21h4M8.5 15c-.3-1.5-2.5-2.8-2.5-6a6 6 0 0 1 12 0c0 3.2-2.2 4.5-2.5 6z"),
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
    "pencil": "M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 3L8 18.8 4 20zM14 6.5l3.2 3.2",
    "grip-vertical": "M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01",
    "download": "M12 4v11.5M7 11l5 5 5-5M4.5 20h15",
    "trash-2": "M4 6.5h16M9 6.5V4h6v2.5M6 6.5L7 20h10l1-13.5M10 10.5v6M14 10.5v6",
    "refresh-cw": ("M20 11a8 8 0 0 0-14.5-4L3.5 9M3.5 4.5V9H8M4 13a8 8 0 0 0 14.5 4l2-2M20.5 19.5V15H16"),
    "calendar-plus": "M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7M12 12.5v5M9.5 15h5",
    "globe": ("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18"),
    "git-compare": (
        "M6 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
        "M6 8.5V16a2 2 0 0 0 2 2h4.5M10 15.5l2.5 2.5-2.5 2.5M18 15.5V8a2 2 0 0 0-2-2h-4.5M14 3.5L"
        "11.5 6 14 8.5"
    ),
    "webhook": (
        "M12 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 20.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM18 20.5a3 3 0 "
        "1 0 0-6 3 3 0 0 0 0 6zM10.5 9.1L7.4 14.8M13.5 9.1l3.1 5.7M9 17.5h6"
    ),
    "key-round": (
        "M15 3.5a5.5 5.5 0 1 1-2.7 10.3L10.5 15.5H8.5v2h-2v2h-3v-3l6.7-6.7A5.5 5.5 0 0 1 15 3.5zM16.5 7.5v.1"
    ),
    "copy": "M9 9h11v11H9zM5.5 15H4V4h11v1.5",
}


def icon(name: str, *, kind: str = "") -> str:
    """One icon. kind: "large" above 28 px. Raises ValueError for a name we do not draw."""
    if name not in ICONS:
        raise ValueError(f"There is no icon {name!r}. There are {', '.join(ICONS)}.")
    return picture(f"icon {kind}".strip(), "0 0 24 24", element("path", d=ICONS[name]))


def mark() -> str:
    """The q that is a clock."""
    return picture(
        "mark",
        "0 0 64 64",
        element("circle", class_="mark-line", cx=27, cy=27, r=18.5, stroke_width=6.5),
        element("path", class_="mark-line", d="M45.5 6v54", stroke_width=6.5),
        element("path", class_="mark-quarter", d="M27 27V15.5A11.5 11.5 0 0 1 38.5 27Z"),
    )
