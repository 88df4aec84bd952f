"""Addresses of hooks: over https, or on this machine, with nothing hidden in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hook_addresses import HookError, check_address, is_loopback, new_hook
from voice.store.hooks_port import HookEvent


@pytest.mark.parametrize(
    "url",
    [
        "https://tavla.example.se",
        "https://tavla.example.se:8443/in/?a=1&b=%20",
        "https://[2001:db8::1]/in",
        "https://192.0.2.7/in",
        "http://127.0.0.1:8000/in",
        "http://127.9.9.9/in",
        "http://[::1]:8000/in",
        "http://localhost/in",
    ],
)
def test_an_address_that_will_do(url: str):
    check_address(url)
    assert new_hook(url).url == url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://tavla.example.se/in", "read on the way: write https"),
        ("http://127.0.0.1.example.se/in", "read on the way"),
        ("http://localhost.example.se/in", "read on the way"),
        ("http://0x7f000001/in", "read on the way"),
        ("http://[::ffff:192.0.2.7]/in", "read on the way"),
        ("https://bo:hemligt@tavla.example.se/in", "leave them out"),
        ("https://@tavla.example.se/in", "leave them out"),
        *(
            (url, "no address that can be called: write it as https://tavla")
            for url in (
                *("", "tavla.example.se", "https:", "https://", "https:///in"),
                *("file:///etc/passwd", "gopher://x/", "javascript:alert(1)"),
                *("https://a b.se/", "https://a.se/\r\nX: y", "https://a.se/\0"),
                *("https://a.se\\@b.se/", "https://a.se/#x", "https://å.se/"),
                *("https://a.se:x/", "https://a.se:99999/", "https://a.se:0/"),
                *("https://[::1/in", "https://a.se/" + "x" * 2000),
            )
        ),
    ],
)
def test_an_address_that_will_not_do_says_why(url: str, says: str):
    with pytest.raises(HookError, match=says) as told:
        new_hook(url)
    assert "hemligt" not in str(told.value)


def test_each_hook_has_an_id_and_a_secret_of_its_own():
    hooks = [new_hook("https://tavla.example.se") for _ in range(20)]
    assert len({hook.id for hook in hooks}) == 20
    assert len({hook.secret for hook in hooks}) == 20
    assert {hook.events for hook in hooks} == {frozenset(HookEvent)}


def test_a_hook_is_called_for_something():
    with pytest.raises(HookError, match="name an event"):
        new_hook("https://tavla.example.se", [])


@given(
    st.text(max_size=60) | st.text("htps:/@[]1.\\#%?", max_size=30).map("http".__add__)
)
def test_no_text_breaks_the_check(url: str):
    try:
        check_address(url)
    except HookError:
        return
    assert url.startswith("https://") or is_loopback(url.split("/")[2].split(":")[0])
