"""An address somebody typed is fetched from the public internet alone, and never for long."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.evil_server import evil_server

from quarterhour.core.fetching import BadAddress, FetchFailed, NotPublic, Silent, TooLarge, connecting, fetch
from quarterhour.core.fetching.addresses import is_allowed, is_public, may_reach, read_address
from quarterhour.core.fetching.fetch import same_house

HERE = (ip_network("127.0.0.0/8"),)
INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.8", "172.16.4.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.8", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::1", "2002:c0a8:101::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe", "2a00:1450:4001::5efe:10.0.0.1", "2a00:1450:4001::200:5efe:c0a8:101",
]  # fmt: skip
OUTSIDE = ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1", "2002:101:101::1"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_a_network_is_not_public(address):
    assert not may_reach(address, ())


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_public_may_be_reached(address):
    assert may_reach(address, ())


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_no_more_public_than_by_itself(inner):
    number = int(inner)
    for prefix in (0xFFFF << 32, 0x64FF9B << 96, 0x64FF9B0001 << 80):
        assert is_public(ip_address(prefix | number)) == is_public(inner)
    assert is_public(ip_address(0x2002 << 112 | number << 80)) == is_public(inner)


def test_the_operator_allows_a_network_as_it_is_and_no_disguise_of_it():
    assert is_allowed("127.0.0.1", HERE)
    assert not is_allowed("::ffff:127.0.0.1", HERE)
    assert not is_allowed("10.0.0.1", HERE)
    assert not is_allowed("localhost", HERE)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        (" webcal://calendar.example/a b.ics ".replace("a b", "a"), "https://calendar.example/a.ics"),
        ("WEBCAL://Calendar.Example", "https://calendar.example/"),
        ("calendar.example/x?y=1&z=%20", "https://calendar.example/x?y=1&z=%20"),
        ("http://calendar.example:8080/x", "http://calendar.example:8080/x"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
        ("https://[2606:4700::1111]:8443/x", "https://[2606:4700::1111]:8443/x"),
        ("https://ann:p%40ss@calendar.example/x", "https://calendar.example/x"),
    ],
)
def test_addresses_are_read_as_people_write_them(typed, url):
    assert read_address(typed).url == url


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Write the address"),
        ("file:///etc/passwd", "cannot be read here"),
        ("gopher://x.example/", "cannot be read here"),
        ("https://a b/", "There is a space"),
        ("https://a\r\nHost: x/", "There is a space"),
        ("https://a\\@b/", "There is a space"),
        ("https://x.example:25/", "Port 25"),
        ("https://x.example:99999/", "not an address"),
        ("https:///x", "name of the server"),
        ("https://<script>/", "name of the server"),
        ("https://x.example/" + "a" * 3000, "longer than"),
        ("https://[::1/", "not an address"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed, told):
    with pytest.raises(BadAddress, match=told) as refused:
        read_address(typed)
    assert refused.value.status == 422


@pytest.fixture
def evil():
    with evil_server({"/a.ics": b"BEGIN:VCALENDAR"}) as server:
        yield server


def ask(server, path, **given):
    return fetch(f"http://127.0.0.1:{server.port}{path}", **{"allowed": HERE, "seconds": 5} | given)


def test_an_allowed_peer_is_read_and_known_again_by_its_tag(evil):
    answer = ask(evil, "/a.ics")
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"BEGIN:VCALENDAR", '"one"')
    again = ask(evil, "/a.ics", headers={"If-None-Match": '"one"'})
    assert (again.status, again.body) == (304, b"")
    assert ask(evil, "/nowhere.ics").status == 404
    assert ask(evil, "/packed").body == b"BEGIN"
    assert ask(evil, "/echo", method="REPORT", body=b"<x/>").body == b"REPORT <x/>"


def test_loopback_is_closed_unless_the_operator_opens_it(evil):
    with pytest.raises(NotPublic, match="not on the public internet"):
        ask(evil, "/a.ics", allowed=())
    with pytest.raises(NotPublic):
        fetch(f"http://127.0.0.1:{evil.port}/a.ics")  # the setting's own default
    assert evil.asked == []


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "0"])
def test_other_names_of_this_machine_are_the_same_machine(evil, host):
    with pytest.raises((NotPublic, Silent)):
        fetch(f"http://{host}:{evil.port}/a.ics", allowed=(), seconds=5)
    assert evil.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_into_a_private_network_is_not_followed(evil, status):
    with evil_server(host="127.0.0.2") as inner:
        only_first = (ip_network("127.0.0.1/32"),)
        with pytest.raises(NotPublic):
            ask(evil, f"/to/{status}/http://127.0.0.2:{inner.port}/secret", allowed=only_first)
        with pytest.raises(NotPublic):
            ask(evil, f"/to/{status}/http://[::ffff:127.0.0.1]:{inner.port}/secret")
        assert inner.asked == []


@pytest.mark.parametrize("there", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://127.0.0.1:25/", "https://"])
def test_a_redirect_to_what_is_no_web_address_is_not_followed(evil, there):
    with pytest.raises(BadAddress):
        ask(evil, f"/to/302/{there}")


def test_a_redirect_within_reach_is_followed_and_a_circle_is_left(evil):
    assert ask(evil, "/to/302//a.ics").body == b"BEGIN:VCALENDAR"
    with pytest.raises(FetchFailed, match="round in circles"):
        ask(evil, "/round/")
    assert len([path for _, path, _ in evil.asked if path == "/round/"]) == 4


def test_a_writer_is_not_sent_elsewhere(evil):
    for method in ("PUT", "DELETE"):
        with pytest.raises(FetchFailed, match="sends writers elsewhere"):
            ask(evil, "/to/302//a.ics", method=method)
    assert [path for _, path, _ in evil.asked] == ["/to/302//a.ics"] * 2


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_looked_up(evil):
    """DNS rebinding: the first answer is public, every later one is this machine."""
    answers = iter([["203.0.113.9"], ["127.0.0.1"]])
    with pytest.raises(NotPublic):
        fetch(f"http://rebind.example:{evil.port}/a.ics", resolve=lambda *_: next(answers), allowed=(), seconds=2)
    asked = []

    def changing(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    answer = fetch(f"http://rebind.example:{evil.port}/a.ics", resolve=changing, allowed=HERE, seconds=5)
    assert answer.body == b"BEGIN:VCALENDAR"
    assert asked == ["rebind.example"], "one look-up a hop, and the connection goes to its answer"


def test_of_several_answers_the_private_ones_are_never_tried(evil, monkeypatch):
    tried = []

    def connecting_to(where, timeout):
        tried.append(where[0])
        raise OSError

    monkeypatch.setattr(connecting.socket, "create_connection", connecting_to)
    with pytest.raises(Silent):
        fetch("https://x.example/", resolve=lambda *_: ["10.0.0.1", "93.184.216.34", "::1"], allowed=())
    assert tried == ["93.184.216.34"]


def test_the_connected_address_has_the_last_word(evil, monkeypatch):
    """Whatever stands between us and the network, the far end of the connection is looked at."""
    real = connecting.socket.create_connection
    monkeypatch.setattr(
        connecting.socket, "create_connection", lambda where, timeout: real(("127.0.0.1", evil.port), timeout)
    )
    with pytest.raises(NotPublic, match="led to a private network"):
        fetch("http://x.example:8080/a.ics", resolve=lambda *_: ["93.184.216.34"], allowed=())
    assert evil.asked == []


@pytest.mark.parametrize("path", ["/drip", "/drip-headers", "/silent"])
def test_the_whole_has_an_end_in_time_however_slowly_it_comes(evil, path):
    begun = time.monotonic()
    with pytest.raises(Silent, match="did not answer within 1 seconds"):
        ask(evil, path, seconds=1)
    assert time.monotonic() - begun < 2.5


def test_a_name_server_that_says_nothing_is_left(evil):
    begun = time.monotonic()
    with pytest.raises(Silent):
        fetch("https://x.example/", resolve=lambda *_: time.sleep(5) or [], seconds=0.5)
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize("path", ["/endless", "/bomb"])
def test_too_much_is_left_also_when_it_was_packed_small(evil, path):
    with pytest.raises(TooLarge, match="more than 1 MB"):
        ask(evil, path, most_bytes=1_000_000)


@pytest.mark.parametrize("path", ["/short", "/half-packed"])
def test_half_an_answer_is_none(evil, path):
    with pytest.raises(FetchFailed, match="stopped in the middle"):
        ask(evil, path)


@pytest.mark.parametrize("path", ["/babble", "/many-headers"])
def test_what_does_not_speak_http_is_said_so(evil, path):
    with pytest.raises(FetchFailed, match="an answer we cannot read"):
        ask(evil, path)


def test_nobody_there_is_a_sentence():
    with pytest.raises(Silent, match="cannot be reached"):
        fetch("http://127.0.0.1:1024/", allowed=HERE, seconds=2)


def test_a_password_goes_to_the_server_it_was_given_for_and_nowhere_else(evil):
    ask(evil, "/a.ics", login=("ann", "secret"))
    assert evil.asked[-1][2] == "Basic YW5uOnNlY3JldA=="
    fetch(f"http://ann:secret@127.0.0.1:{evil.port}/a.ics", allowed=HERE)
    assert evil.asked[-1][2] == "Basic YW5uOnNlY3JldA=="
    with evil_server({"/a.ics": b"x"}) as other:
        ask(evil, f"/to/302/http://127.0.0.1:{other.port}/a.ics", login=("ann", "secret"))
        assert other.asked == [("GET", "/a.ics", "")]


def test_a_password_never_travels_in_the_clear(evil):
    with pytest.raises(BadAddress, match="https only"):
        fetch("http://x.example:8080/", login=("a", "b"), resolve=lambda *_: ["93.184.216.34"], allowed=HERE)


def test_only_a_house_known_to_work_that_way_shares_a_password():
    at = read_address
    assert same_house(at("https://caldav.icloud.com/"), at("https://p12-caldav.icloud.com:443/x"))
    assert not same_house(at("https://caldav.icloud.com/"), at("http://p12-caldav.icloud.com/"))
    assert not same_house(at("https://a.co.uk/"), at("https://b.co.uk/"))
    assert not same_house(at("https://icloud.com/"), at("https://evilicloud.com/"))
    assert not same_house(at("https://a.example/"), at("https://a.example:8443/"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for calendar.example that nobody has signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "calendar.example")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("calendar.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_https_checks_the_name_and_who_signed_it(certificate, monkeypatch):
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    here = {"allowed": HERE, "resolve": lambda *_: ["127.0.0.1"], "seconds": 5}
    with evil_server({"/a.ics": b"x"}, tls=serving) as server:
        with pytest.raises(FetchFailed, match=r"certificate of calendar\.example is not valid"):
            fetch(f"https://calendar.example:{server.port}/a.ics", **here)
        trusting = ssl.create_default_context(cafile=certificate)
        monkeypatch.setattr(connecting, "_tls", lambda: trusting)
        assert fetch(f"https://calendar.example:{server.port}/a.ics", **here).body == b"x"
        with pytest.raises(FetchFailed, match=r"certificate of other\.example"):
            fetch(f"https://other.example:{server.port}/a.ics", **here)
        with pytest.raises(BadAddress, match="without encryption"):
            fetch(f"https://calendar.example:{server.port}/to/302/http://calendar.example/", **here)
        assert [path for _, path, _ in server.asked] == ["/a.ics", "/to/302/http://calendar.example/"]
