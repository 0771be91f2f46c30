"""No portal leads us to an address that is not public."""

import asyncio
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Reason
from crawler.guard import Guard, RefusedError, bare, is_public
from crawler.urls import normalise

INNER = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.100.100.200 0.0.0.0 224.0.0.1 168.63.129.16
    0.0.0.1 192.0.2.1 198.18.0.1 240.0.0.1 255.255.255.255 100.64.0.1 ::1 :: fe80::1 fe80::1%eth0 fd00:ec2::254 fec0::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 ::ffff:0:7f00:1 64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2001:db8::1
    2001:0:4136:e378:8000:63bf:80ff:fffe ff02::1 127.1 0x7f.1 nonsense"""


@pytest.mark.parametrize("address", INNER.split())
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "200.48.225.130", "2001:4860:4860::8888"])
def test_outer_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://0/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://169.254.169.254/latest/",
        "http://2852039166/",
        "http://[fd00:ec2::254]/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1%2f/",
        "http://127。0。0。1/",
    ],
)
def test_every_spelling_of_an_inner_address_is_refused(url: str) -> None:
    for spelled in (url, normalise(url)):
        with pytest.raises(RefusedError) as refused:
            asyncio.run(Guard().check(spelled))
        assert refused.value.reason in (Reason.PRIVATE_ADDRESS, Reason.UNKNOWN_HOST, Reason.BAD_URL)


@given(st.ip_addresses(), st.integers(0, 3))
def test_no_spelling_of_an_address_makes_it_public(address: IPv4Address | IPv6Address, spelling: int) -> None:
    """An inner address inside another stays an inner one."""
    number = int(address)
    if address.version == 4 and not is_public(str(address)):
        inside = (f"::ffff:{address}", str(IPv6Address(number)), str(IPv6Address((0x2002 << 112) | number << 80)))
        wrapped = (*inside, str(IPv6Address(int(IPv6Address("64:ff9b::")) | number)))
        assert not is_public(wrapped[spelling])


def test_a_host_that_may_be_private_is_known_by_its_address_whatever_its_name() -> None:
    guard = Guard(["127.0.0.1", "localhost"])
    for url in ("http://127.0.0.1:81/x", "http://localhost:81/", "http://LOCALHOST:81/"):
        assert asyncio.run(guard.check(url)) == "127.0.0.1:81"
    assert asyncio.run(guard.check("http://localhost/")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1:81", "127.0.0.1"),
        ("8.8.8.8", "8.8.8.8"),
        ("[::1]:81", "::1"),
        ("2001:4860:4860::8888", "2001:4860:4860::8888"),
        ("[2001:4860::1]:443", "2001:4860::1"),
    ],
)
def test_an_address_can_be_had_without_its_port(address: str, expected: str) -> None:
    assert bare(address) == expected


def test_a_host_the_user_named_is_allowed_at_its_port_only() -> None:
    guard = Guard(["127.0.0.1:8000"])
    assert asyncio.run(guard.check("http://127.0.0.1:8000/x")) == "127.0.0.1:8000"
    with pytest.raises(RefusedError):
        asyncio.run(guard.check("http://127.0.0.1:8001/x"))


def test_a_name_that_does_not_exist_is_told_from_a_forbidden_one() -> None:
    with pytest.raises(RefusedError) as refused:
        asyncio.run(Guard().check("http://nowhere.invalid/"))
    assert refused.value.reason is Reason.UNKNOWN_HOST


def test_a_closed_guard_knows_the_hosts_it_was_given_and_looks_up_no_other() -> None:
    guard = Guard(["127.0.0.1:8000"], only=["http://www.muni.invalid/home"])
    assert asyncio.run(guard.check("http://127.0.0.1:8000/x")) == "127.0.0.1:8000"
    for url in ("http://8.8.8.8/", "http://muni.invalid:81/", "http://other.invalid/"):
        with pytest.raises(RefusedError) as refused:
            asyncio.run(guard.check(url))
        assert refused.value.reason is Reason.OFF_SITE
    with pytest.raises(RefusedError) as unknown:
        asyncio.run(guard.check("http://muni.invalid/"))
    assert unknown.value.reason is Reason.UNKNOWN_HOST
