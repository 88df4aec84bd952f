"""What waits for somebody's next page waits there, however many others come."""

import pytest
from web_house import HERE, Web

from voice.web import drawers


async def test_strangers_take_nothing_from_those_who_are_logged_in(
    web: Web, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drawers, "_MOST", 3)
    anna = await web.logged_in("anna")
    await anna.sends("/hanvisning", reason="SAM", until="25:99")
    changed = {"origin": HERE, "x-csrf-token": "of an earlier session"}
    filled = {"reason": "LUN", "until": "12:30", "_page": "/"}
    await anna.client.post("/hanvisning", data=filled, headers=changed)
    for _ in range(5):
        answer = await web.browser().client.post(
            "/hanvisning", data=filled, headers={"origin": HERE}
        )
        assert answer.status_code == 303
    await anna.opens("/")
    assert 'value="12:30"' in anna.page
