"""Where no machine is plugged in."""

from __future__ import annotations

from tests.integration.renditions.test_translating import SHOW, words


def test_no_machine_is_offered_nor_asked(notes, people, sign_in):
    browser = sign_in("wei")
    assert "machine" not in words(browser.get(SHOW))
    refused = browser.submit(SHOW + "/machine", {}, page="/translations/note/7")
    assert refused.status_code == 403 and "No machine translation is plugged in" in words(refused)
