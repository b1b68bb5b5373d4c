"""What is sealed for a browser, and how its push service knows us."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from tests.notifications.push_reading import Browser

from quarterhour.notifications import webpush
from quarterhour.notifications.webpush import unpacked

NOW = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)


def test_the_example_of_rfc_8291_comes_out_to_the_byte():
    ours = ec.derive_private_key(
        int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), webpush.CURVE
    )
    told = webpush.sealed(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
        ours=ours,
    )

    assert webpush.packed(told) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@given(st.text(max_size=900))
def test_a_browser_reads_what_was_sealed_for_it_and_nobody_else_does(text):
    browser, message = Browser(), json.dumps({"title": text}).encode()[: webpush.MOST]
    message = message if message.endswith(b"}") else b'{"title": "x"}'
    told = webpush.sealed(message, **browser.keys)

    assert browser.read(told) == json.loads(message)
    with pytest.raises(InvalidTag):
        Browser().read(told)


def test_two_messages_of_the_same_words_look_nothing_alike():
    browser = Browser()
    one, two = (webpush.sealed(b'{"a": 1}', **browser.keys) for _ in range(2))

    assert one[:86] != two[:86]
    assert one[86:] != two[86:]


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", ""), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"), ("B" * 87, "BTBZMqHH6r4Tts7J_aSIgg"), ("é", "é")]
)
def test_what_is_no_key_is_refused(p256dh, auth):
    with pytest.raises(webpush.BadKeys):
        webpush.sealed(b"{}", p256dh=p256dh, auth=auth)


def test_a_short_secret_is_refused():
    with pytest.raises(webpush.BadKeys):
        webpush.sealed(b"{}", p256dh=Browser().keys["p256dh"], auth="AAAA")


def test_there_is_an_end_to_what_fits():
    keys = Browser().keys

    assert len(webpush.sealed(b"x" * webpush.MOST, **keys)) <= webpush.RECORD
    with pytest.raises(ValueError, match="room for"):
        webpush.sealed(b"x" * (webpush.MOST + 1), **keys)


def test_a_push_service_can_check_who_sends():
    private = ec.generate_private_key(webpush.CURVE)
    told = webpush.authorization(
        "https://push.example:8443/a/b?c", private=private, contact="mailto:us@town.example", now=NOW
    )

    scheme, _, rest = told.partition(" ")
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = fields["t"].split(".")
    raw = unpacked(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(webpush.CURVE, unpacked(fields["k"]))
    dss = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(dss, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert scheme == "vapid"
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(unpacked(claims)) == {
        "aud": "https://push.example:8443",
        "exp": round((NOW + timedelta(hours=12)).timestamp()),
        "sub": "mailto:us@town.example",
    }
