"""What the lobby makes of the candidates a browser found: every verdict has its ground."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import { verdict } from "./frontend/room/reach.js";
const [found, how] = JSON.parse(process.argv[1]);
console.log(verdict(found, how));
"""
HOST = {"type": "host"}
OUTSIDE = {"type": "srflx", "relatedAddress": "10.0.0.2", "relatedPort": 5000, "port": 61000}
ELSEWHERE = OUTSIDE | {"port": 61001}
RELAYED = {"type": "relay"}


@pytest.mark.parametrize(
    ("found", "how", "told"),
    [
        ([HOST, OUTSIDE, RELAYED], {"relay": True}, "open"),
        ([HOST, OUTSIDE, ELSEWHERE, RELAYED], {"relay": True}, "relayed"),
        ([RELAYED], {"relay": True}, "relayed"),
        ([HOST, OUTSIDE], {"relay": True}, "away"),
        ([HOST, OUTSIDE], {"relay": True, "refused": True}, "refused"),
        ([HOST, OUTSIDE, ELSEWHERE], {"relay": False}, "strict"),
        ([HOST, OUTSIDE], {"relay": False}, "open"),
        ([HOST], {"relay": False}, "near"),
        ([], {"relay": False}, "closed"),
        ([], {"relay": True, "refused": True}, "refused"),
    ],
)
def test_a_verdict_on_the_way_out(found, how, told):
    asked = ["node", "--no-warnings", "--input-type=module", "-e", ASK, json.dumps([found, how])]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)

    assert done.stdout.strip() == told
