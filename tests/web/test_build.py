"""What the browser is given is built from sources, the same each time, and soon."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def build(folder: Path) -> dict[str, bytes]:
    """Beside the bundles that other tests are being served meanwhile."""
    command = [shutil.which("node") or "node", ROOT / "frontend" / "build.mjs"]
    subprocess.run(command, check=True, env=os.environ | {"QUARTERHOUR_BUILT": str(folder)})
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build(tmp_path_factory.mktemp("built"))


def test_the_same_sources_give_the_same_bytes(built, tmp_path):
    assert build(tmp_path) == built


def test_there_is_one_stylesheet_with_its_layers_in_order(built):
    css = built["app.css"].decode()

    assert css.startswith("@layer reset,base,layout,components,utilities;")
    assert (
        css.index("@layer reset{")
        < css.index("@layer base{")
        < css.index("@layer components{")
        < css.index("@layer utilities{")
    )
    assert "light-dark(" in css, "colours stay pairs: dark is a change of tokens"
    assert len(css) < 80_000


def test_literata_comes_in_ten_faces_each_with_its_range_and_its_licence(built):
    css = built["app.css"].decode()
    faces = [face for face in re.findall(r"@font-face\{[^}]*\}", css) if "Literata Variable" in face]

    assert len(faces) == 10
    assert all("unicode-range" in face for face in faces)
    for face in faces:
        assert re.search(r"url\(\"?(fonts/[\w-]+\.woff2)", face)[1] in built
    assert b"SIL OPEN FONT LICENSE" in built["fonts/LICENSE"].upper()


def test_the_script_of_all_pages_is_small(built):
    script = built["app.js"]

    assert 1_000 < len(script) < 30_000
    assert b"sourceMappingURL" not in script
    assert b"eval(" not in script


def test_the_lock_names_no_host():
    lock = (ROOT / "package-lock.json").read_text()

    assert "://" not in lock
    assert '"resolved"' not in lock
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
