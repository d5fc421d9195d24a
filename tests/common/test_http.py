"""The one HTTP client, against loopback servers that misbehave: SECURITY W11 to W14 and G44."""

from __future__ import annotations

import logging
import resource
import secrets
import ssl
import time
import traceback

import pytest
from urllib3.poolmanager import PoolManager

from posture.common.http import (
    Cause,
    HTTPFailure,
    Way,
    guarded_session,
    json_of,
    pool_classes,
    same_origin,
    tls_context,
)
from posture.common.inside import Network
from tests.services.certificates import Authority
from tests.services.fault_server import FAULTS, Reply, fault_server

HERE = Network(internal=("127.0.0.1/32",))


@pytest.fixture
def token():
    return secrets.token_hex(16)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def session_for(server, network=HERE, **options):
    options = {"deadline": 0.5, "most_bytes": 1 << 20, "sleep": lambda seconds: None} | options
    return guarded_session(network, server.url(), **options)


def failure_of(server, url="", **options):
    with pytest.raises(HTTPFailure) as raised:
        json_of(session_for(server, **options).get(url or server.url("/items")))
    return raised.value


# What each fault of the server is said to be, and a word that says what to do.
SAID = {
    "endless_body": (Cause.TOO_LARGE, "1 MB"),
    "ten_gigabytes": (Cause.TOO_LARGE, "1 MB"),
    "dripping_body": (Cause.TIMEOUT, "within 0.5 seconds"),
    "dripping_headers": (Cause.TIMEOUT, "within 0.5 seconds"),
    "busy": (Cause.BUSY, "status 429"),
    "busy_for_a_day": (Cause.BUSY, "86400 seconds"),
    "busy_until_a_date": (Cause.BUSY, "status 429"),
    "unavailable": (Cause.BUSY, "status 503"),
    "bad_gateway": (Cause.BUSY, "status 502"),
    "wrong_type": (Cause.NOT_JSON, "that of the API"),
    "web_page": (Cause.NOT_JSON, "a web page"),
    "half_body": (Cause.BROKEN, "broke off"),
    "half_chunk": (Cause.BROKEN, "broke off"),
    "half_json": (Cause.NOT_JSON, "in place of JSON"),
    "empty": (Cause.NOT_JSON, "in place of JSON"),
    "gzip_bomb": (Cause.TOO_LARGE, "1 MB"),
    "bad_gzip": (Cause.BROKEN, "damaged"),
    "endless_headers": (Cause.BROKEN, "not HTTP"),
    "endless_header": (Cause.BROKEN, "not HTTP"),
    "endless_chunk_size": (Cause.BROKEN, "broke off"),
    "endless_trailers": (Cause.TOO_LARGE, "1 MB"),
    "continue_for_ever": (Cause.TOO_LARGE, "1 MB"),
    "redirect_loop": (Cause.REDIRECT, "in a circle"),
    "redirect_elsewhere": (Cause.REDIRECT, "another host"),
    "not_http": (Cause.BROKEN, "not HTTP"),
    "silence": (Cause.TIMEOUT, "within 0.5 seconds"),
    "hang_up": (Cause.BROKEN, "hung up"),
    "deep_json": (Cause.NOT_JSON, "in place of JSON"),
    "long_number": (Cause.NOT_JSON, "in place of JSON"),
}


@pytest.mark.parametrize("fault", SAID)
def test_g44_a_misbehaving_server_ends_in_one_plain_failure_that_quotes_nothing(fault, token, caplog):
    caplog.set_level(logging.DEBUG)
    with fault_server() as server:
        server.fault = fault
        started, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        failure = failure_of(server, server.url(f"/items?q={token}"), headers={"Authorization": f"Bearer {token}"})

    cause, words = SAID[fault]
    assert failure.cause is cause
    assert words in str(failure)
    assert token not in "".join(traceback.format_exception(failure))
    assert token not in caplog.text
    assert time.monotonic() - started < 20  # Meant: 1 s.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 60 << 10


def test_g44_every_fault_is_tried():
    assert set(FAULTS) == set(SAID) | {"next_elsewhere"}


def test_g44_a_paging_link_to_another_host_is_refused():
    with fault_server() as server:
        server.fault = "next_elsewhere"
        page = json_of(session_for(server).get(server.url("/items")))

        with pytest.raises(HTTPFailure, match=r"next page .* is at another host") as raised:
            same_origin(server.url("/items"), page["next"])

    assert raised.value.cause is Cause.ELSEWHERE


@pytest.mark.parametrize(
    "link",
    [
        "http://other.example/p2",
        "https://api.example:444/p2",
        "http://api.example/p2",
        "//other.example/p2",
        "https://api.example@other.example/",
        "https://api.example.other.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[broken/",
    ],
)
def test_g44_a_link_that_leaves_the_origin_is_refused_however_it_is_spelt(link):
    with pytest.raises(HTTPFailure):
        same_origin("https://api.example/v1/items", link)


def test_a_link_within_the_origin_is_completed():
    assert same_origin("https://api.example/v1/items", "?page=2") == "https://api.example/v1/items?page=2"
    assert same_origin("https://api.example/v1/items", "https://API.example:443/p") == "https://API.example:443/p"


def test_g44_a_busy_server_is_asked_again_when_it_said():
    waits: list[float] = []
    beats: list[int] = []
    answers = [Reply(status=429, headers={"Retry-After": "3"}), Reply(status=503), Reply(b'{"a": 1}')]
    with fault_server(lambda asked: answers.pop(0)) as server:
        session = session_for(server, sleep=waits.append, alive=lambda: beats.append(1))

        found = json_of(session.get(server.url()))

    assert found == {"a": 1}
    assert sum(waits) == 3 + 2
    assert max(waits) <= 1
    assert len(beats) >= 5


def test_g44_a_date_to_wait_until_is_read_by_the_servers_own_clock():
    waits: list[float] = []
    with fault_server() as server:
        server.fault = "busy_until_a_date"

        failure_of(server, sleep=waits.append, attempts=2)

    assert sum(waits) == 3


def test_g44_who_asks_for_a_day_is_not_asked_again():
    waits: list[float] = []
    with fault_server() as server:
        server.fault = "busy_for_a_day"

        failure_of(server, sleep=waits.append)

        assert (len(server.asked), waits) == (1, [])


@pytest.mark.parametrize("told", ["-5", "nan", "1e9", "9" * 5000, "soon", "Thu, 99 Foo 9999 99:99:99 GMT", "²"])
def test_g44_a_senseless_retry_after_neither_breaks_nor_stops_the_read(told):
    waits: list[float] = []
    reply = Reply(status=429, headers={"Retry-After": told.encode().decode("latin-1")})
    with fault_server(lambda asked: reply) as server:
        assert failure_of(server, sleep=waits.append).cause is Cause.BUSY

    assert sum(waits) <= 7


def test_a_connection_closed_in_between_is_worth_a_second_try():
    with fault_server() as server:
        server.fault, server.good = "hang_up", 1
        session = session_for(server)
        session.get(server.url())

        with pytest.raises(HTTPFailure, match="hung up"):
            session.get(server.url())
        assert len(server.asked) == 3


def test_what_changes_something_is_not_sent_twice():
    with fault_server() as server:
        server.fault = "hang_up"

        with pytest.raises(HTTPFailure):
            session_for(server).post(server.url(), json={})

        assert len(server.asked) == 1


def test_w14_a_redirect_stays_with_the_origin_and_keeps_the_credential(token):
    def answer(asked):
        return Reply(status=302, headers={"Location": "/there"}) if asked.path == "/here" else {"path": asked.path}

    with fault_server(answer) as server:
        session = session_for(server, headers={"Authorization": f"Bearer {token}"})

        assert json_of(session.get(server.url("/here"))) == {"path": "/there"}
        assert server.told("Authorization") == [f"Bearer {token}"] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("follow", [True, False])
def test_w14_a_redirect_to_another_origin_is_not_followed(status, follow, token):
    with fault_server() as other:
        reply = Reply(status=status, headers={"Location": other.url(f"/{token}")})
        with fault_server(lambda asked: reply) as server:
            session = session_for(server, headers={"X-Vault-Token": token})

            with pytest.raises(HTTPFailure, match="another port") as raised:
                session.get(server.url(), allow_redirects=follow)

    assert other.connections == 0
    assert token not in str(raised.value)


def test_w15_a_session_goes_to_its_origins_only(token):
    with fault_server() as server, fault_server() as other:
        session = session_for(server, headers={"Authorization": f"Bearer {token}"})

        for url in (other.url(), server.url(host="localhost"), f"https://127.0.0.1:{server.port}/"):
            with pytest.raises(HTTPFailure) as raised:
                session.get(url)
            assert raised.value.cause is Cause.ELSEWHERE

    assert (server.connections, other.connections) == (0, 0)


def test_w15_headers_without_an_origin_are_a_mistake_of_ours(token):
    with pytest.raises(ValueError, match="name its origins"):
        guarded_session(HERE, headers={"Authorization": token})


def test_w11_a_host_inside_is_refused_and_the_setting_named():
    with fault_server() as server:
        failure = failure_of(server, network=Network())

        assert failure.cause is Cause.HOST_REFUSED
        assert failure.permanent
        assert "POSTURE_INTERNAL_HOSTS" in str(failure)
        assert server.connections == 0


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_w13_odd_spellings_of_loopback_are_refused(host):
    with fault_server() as server:
        session = guarded_session(Network(), deadline=0.5)

        with pytest.raises(HTTPFailure) as raised:
            session.get(server.url(host=host))

        assert raised.value.cause is Cause.HOST_REFUSED
        assert server.connections == 0


def test_w12_a_name_is_resolved_once_per_connection_and_connected_to_where_it_was_judged():
    asked: list[str] = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with fault_server() as server:
        url = server.url(host="api.example")
        session = guarded_session(Network(internal=("api.example",)), url, ask=rebinding)

        for _ in range(3):
            session.get(url)

        assert asked == ["api.example"]
        assert server.connections == 1
        assert server.told("Host") == [f"api.example:{server.port}"] * 3
        server.fault = "hang_up"
        with pytest.raises(HTTPFailure, match="link-local or cloud metadata"):
            session.get(url)


def test_w12_one_address_inside_among_public_ones_refuses_the_name():
    with fault_server() as server:
        session = guarded_session(Network(), ask=lambda *_: ["1.1.1.1", "127.0.0.1"])

        with pytest.raises(HTTPFailure) as raised:
            session.get(server.url(host="api.example"))

        assert raised.value.cause is Cause.HOST_REFUSED


def test_the_next_address_is_tried_where_one_does_not_answer():
    with fault_server() as server:
        session = guarded_session(Network(anywhere=True), ask=lambda *_: ["127.0.0.2", "127.0.0.1"])

        assert session.get(server.url(host="api.example")).ok


def test_w11_proxies_netrc_and_cookies_are_not_heard(monkeypatch, tmp_path):
    with fault_server() as proxy, fault_server(lambda asked: Reply(headers={"Set-Cookie": "a=b"})) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url())
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login u password {secrets.token_hex(8)}\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        session = session_for(server)

        session.get(server.url(), proxies={"http": proxy.url()})
        session.get(server.url())

        assert proxy.connections == 0
        assert server.told("Authorization") == server.told("Cookie") == []


def test_a_password_in_an_address_is_refused_unrepeated(token):
    with fault_server() as server:
        with pytest.raises(HTTPFailure, match="no user name") as raised:
            guarded_session(HERE).get(server.url(host=f"me:{token}@127.0.0.1"))

        assert token not in str(raised.value)
        assert server.connections == 0


@pytest.mark.parametrize("sign", ["\n", "\r\nX-Other: 1", "é€", " "])
def test_a_credential_that_cannot_be_a_header_is_refused_unrepeated(sign, token):
    with fault_server() as server:
        with pytest.raises(HTTPFailure, match="holds a character") as raised:
            session_for(server, headers={"Authorization": f"{sign}{token}"}).get(server.url())

        assert token not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http://[x"]
)
def test_w11_other_schemes_and_broken_addresses_are_no_requests(url):
    with pytest.raises(HTTPFailure) as raised:
        guarded_session(HERE).get(url)

    assert raised.value.cause is Cause.REQUEST


def test_a_name_that_leads_nowhere_is_said_plainly():
    def nowhere(host, port):
        raise OSError("no such name")

    with pytest.raises(HTTPFailure, match=r"api\.example cannot be found.*resolve names"):
        guarded_session(Network(), ask=nowhere).get("https://api.example/")


def test_a_port_where_nothing_listens_is_said_plainly():
    with fault_server() as server:
        url = server.url()

    with pytest.raises(HTTPFailure, match="refuses connections at port"):
        guarded_session(HERE).get(url)


def test_tls_with_an_own_authority_is_trusted(authority):
    with fault_server(authority=authority) as server:
        session = session_for(server, Network(internal=("127.0.0.1",), ca_file=str(authority.file)))

        assert session.get(server.url()).ok


def test_tls_verification_cannot_be_switched_off(authority):
    with fault_server(authority=authority) as server:
        session = session_for(server)
        session.verify = False

        with pytest.raises(HTTPFailure, match=r"does not know\. .*POSTURE_CA_FILE"):
            session.get(server.url(), verify=False)


def test_tls_the_systems_authorities_decide_not_a_packages_list(authority, monkeypatch):
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(authority.file))
    with fault_server(authority=authority) as server:
        assert "does not know" in str(failure_of(server))


def test_tls_a_certificate_for_another_name_is_refused(authority):
    with fault_server(certificate=authority.issue(["other.example"])) as server:
        network = Network(anywhere=True, ca_file=str(authority.file))

        failure = failure_of(server, network=network)

    assert (failure.cause, failure.permanent) == (Cause.TLS, True)
    assert "is for another name" in str(failure)


def test_w12_tls_is_checked_by_name_while_the_address_is_pinned(authority):
    with fault_server(certificate=authority.issue(["api.example"])) as server:
        url = server.url(host="api.example")
        network = Network(anywhere=True, ca_file=str(authority.file))

        assert guarded_session(network, url, ask=lambda *_: ["127.0.0.1"]).get(url).ok


@pytest.mark.parametrize(("days", "words"), [((-3, -1), "has expired"), ((1, 3), "is not valid yet")])
def test_tls_a_certificate_out_of_its_time_is_refused(authority, days, words):
    with fault_server(certificate=authority.issue(["127.0.0.1"], days=days)) as server:
        failure = failure_of(server, network=Network(anywhere=True, ca_file=str(authority.file)))

    assert words in str(failure)


def test_tls_a_port_without_it_is_said_plainly():
    with fault_server() as server:
        url = f"https://127.0.0.1:{server.port}/"
        with pytest.raises(HTTPFailure, match="does not speak TLS"):
            guarded_session(HERE, url).get(url)


def test_tls_a_file_of_authorities_that_is_none_names_the_setting(tmp_path):
    (tmp_path / "ca.pem").write_text("nothing")

    for file, words in ((tmp_path / "ca.pem", "holds no certificate"), (tmp_path / "none.pem", "cannot be read")):
        with pytest.raises(HTTPFailure, match=f"POSTURE_CA_FILE.*{words}"):
            guarded_session(Network(ca_file=str(file)))
    with pytest.raises(HTTPFailure, match="no certificate in PEM form"):
        tls_context(Network(), authorities="nothing")


def test_tls_a_source_can_bring_its_own_authority(authority):
    with fault_server(authority=authority) as server:
        context = tls_context(HERE, authorities=authority.file.read_text())

        assert session_for(server, tls=context).get(server.url()).ok


@pytest.mark.parametrize("fault", ["dripping_body", "dripping_headers", "endless_body", "endless_chunk_size"])
def test_g44_the_meter_runs_over_tls_too(authority, fault):
    with fault_server(authority=authority) as server:
        server.fault = fault
        started = time.monotonic()

        failure = failure_of(server, network=Network(anywhere=True, ca_file=str(authority.file)))

    assert failure.cause is SAID[fault][0]
    assert time.monotonic() - started < 20  # Meant: 1 s.


def test_g44_a_body_read_piece_by_piece_is_counted_too():
    with fault_server() as server:
        server.fault = "gzip_bomb"
        response = session_for(server).get(server.url(), stream=True)

        with pytest.raises(HTTPFailure, match="1 MB"):
            sum(len(piece) for piece in response.iter_content(1 << 16))


def test_g44_a_body_read_raw_is_counted_too():
    with fault_server() as server:
        server.fault = "endless_body"
        response = session_for(server).get(server.url(), stream=True)

        with pytest.raises(HTTPFailure, match="1 MB"):
            response.raw.read()


def test_a_session_has_one_way_out():
    session = guarded_session(HERE)

    with pytest.raises(TypeError):
        session.mount("https://", session.get_adapter("https://x"))


def test_w11_a_client_with_its_own_urllib3_can_use_the_judged_connections(authority):
    """For vendors' clients; their own context is metered as well."""
    context = ssl.create_default_context(cafile=str(authority.file))
    with fault_server(authority=authority) as server:
        manager = PoolManager(ssl_context=context)
        manager.pool_classes_by_scheme = pool_classes(Way(Network(), deadline=0.5))
        with pytest.raises(HTTPFailure, match="POSTURE_INTERNAL_HOSTS"):
            manager.request("GET", server.url())
        manager = PoolManager(ssl_context=context)
        manager.pool_classes_by_scheme = pool_classes(Way(HERE, deadline=0.5))
        assert manager.request("GET", server.url()).status == 200
        server.fault = "dripping_body"

        with pytest.raises(HTTPFailure, match="within"):
            manager.request("GET", server.url(), retries=False)
