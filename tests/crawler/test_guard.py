"""No portal leads us to an address that is not public."""

import asyncio

import pytest

from crawler.capture import Reason
from crawler.guard import Guard, RefusedError, is_public

INNER = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.100.100.200 0.0.0.0 224.0.0.1 168.63.129.16
    ::1 fe80::1 fe80::1%eth0 fd00:ec2::254 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: nonsense"""


@pytest.mark.parametrize("address", INNER.split())
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "200.48.225.130", "2001:4860:4860::8888"])
def test_outer_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://localhost/", "http://[::1]/"],
)
def test_every_spelling_of_loopback_is_refused(url: str) -> None:
    with pytest.raises(RefusedError) as refused:
        asyncio.run(Guard().check(url))
    assert refused.value.reason in (Reason.PRIVATE_ADDRESS, Reason.UNKNOWN_HOST)


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
