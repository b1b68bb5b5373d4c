"""The promises of tokens.css, and the order of the stylesheets.

A token followed by `/*@ paper surface >= 4.5 : 5.0 | 6.1 */` promises that contrast on each surface named,
and the figures are the worst of them in light and in dark.
Source: WCAG 2.2, relative luminance and contrast ratio; Ottosson (2020) for OKLab to linear sRGB.
"""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src" / "quarterhour" / "web" / "static"
TOKENS = (STATIC / "tokens.css").read_text()
COMPONENTS = sorted((STATIC / "components").glob("*.css"))
SHEETS = [*(STATIC / f"{name}.css" for name in ("reset", "base", "layout", "utilities")), *COMPONENTS]

OKLCH = r"oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\)"
PAIR = re.compile(rf"--([\w-]+):\s*(?:light-dark\(\s*{OKLCH}\s*,\s*{OKLCH}\s*\)|{OKLCH})\s*;")
PROMISE = re.compile(r"--([\w-]+):[^\n]*?/\*@ ([\w\- ]+?) >= ([\d.]+) : ([\d.]+) \| ([\d.]+) \*/")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What style="" hands to a component: data, not decoration. The sheets may read them, tokens.css has none.
DATA = {"advisers", "avatar", "h", "high", "least", "low", "mid", "part", "row", "rows", "seen", "span", "w", "wide"}


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance, 0.0 to 1.0, of an OKLCH colour (hue in degrees), clipped to sRGB like a screen."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0.0), 1.0) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: float, other: float) -> float:
    """Contrast ratio, 1.0 to 21.0, of two luminances."""
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def themes() -> dict[str, tuple[float, float]]:
    """Name of each colour token to its luminance in light and in dark. Later ones are overrides."""
    told: dict[str, tuple[float, float]] = {}
    for name, *parts in PAIR.findall(TOKENS):
        numbers = [float(part) for part in parts if part]
        told.setdefault(name, (luminance(*numbers[:3]), luminance(*numbers[-3:])))
    return told


THEMES = themes()
PROMISES = PROMISE.findall(TOKENS)


def test_the_scale_of_contrast_runs_from_one_to_twenty_one():
    black, white = luminance(0, 0, 0), luminance(1, 0, 0)

    assert ratio(white, white) == 1
    assert ratio(black, white) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize(("name", "surfaces", "wanted", "light", "dark"), PROMISES, ids=[row[0] for row in PROMISES])
def test_a_colour_keeps_its_promise_of_contrast(name, surfaces, wanted, light, dark):
    worst = [min(ratio(THEMES[name][side], THEMES[on][side]) for on in surfaces.split()) for side in (0, 1)]

    assert min(worst) >= float(wanted)
    assert [f"{figure:.1f}" for figure in worst] == [light, dark], "the comment has other figures"


def test_every_promise_is_read():
    assert len(PROMISES) == TOKENS.count("/*@")
    assert len(PROMISES) > 20


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_speaks_in_tokens(sheet):
    css = COMMENT.sub("", sheet.read_text())
    known = set(re.findall(r"--([\w-]+):", TOKENS))
    used = set(re.findall(r"var\(--([\w-]+)", css))

    assert used <= known | DATA
    raw = re.findall(
        r"#[0-9a-f]{3,8}\b|\b(?:oklch|oklab|rgba?|hsla?|light-dark)\(|:\s*(?:black|white|red|orange)\b",
        css,
        re.IGNORECASE,
    )
    assert raw == [], "a raw colour belongs into tokens.css"


@pytest.mark.parametrize("sheet", COMPONENTS, ids=lambda sheet: sheet.stem)
def test_a_component_opens_with_its_layer_and_asks_for_no_theme(sheet):
    css = sheet.read_text()

    assert css.startswith("@layer components {\n")
    assert "data-theme" not in css
    assert "prefers-color-scheme" not in css


def test_the_sheets_are_joined_in_the_order_of_their_layers():
    joined = (STATIC / "app.css").read_text()
    imports = re.findall(r'@import "\./([\w/-]+)\.css";', joined)
    components = [name.removeprefix("components/") for name in imports if name.startswith("components/")]

    assert "@layer reset, base, layout, components, utilities;" in joined
    assert imports[:5] == ["tokens", "fonts", "reset", "base", "layout"]
    assert imports[-1] == "utilities"
    assert sorted(components) == sorted(sheet.stem for sheet in COMPONENTS), "each component once, none forgotten"


def test_dark_is_a_change_of_tokens_and_the_reader_may_ask_for_stillness():
    assert '[data-theme="dark"] { color-scheme: dark; }' in TOKENS
    assert "prefers-reduced-motion" in TOKENS
    assert "prefers-contrast" in TOKENS
