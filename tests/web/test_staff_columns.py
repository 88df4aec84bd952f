"""A staff list sent through the web tells what of it is not read."""

from test_staff_page import sent
from web_house import Web


async def test_columns_that_are_not_read_are_told_before_the_list_is_carried_out(
    web: Web,
):
    browser = await web.logged_in("chef")
    text = "extension,name,titel,<b>\n1234,Anna Dahl,chef,\n"
    assert await sent(browser, text) == 200
    assert "De här kolumnerna läses inte: titel, &lt;b&gt;" in browser.page
    assert await sent(browser, "extension,name\n1234,Anna Dahl\n") == 200
    assert "läses inte" not in browser.page


async def test_a_comma_too_many_is_told_by_its_line(web: Web):
    browser = await web.logged_in("chef")
    assert await sent(browser, "extension,name\n1234,Berg, Anna\n") == 422
    assert "Rad 2:</strong> Raden har fler fält än den första raden." in browser.page
