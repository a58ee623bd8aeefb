"""Strangers at the page: it answers them, and goes on answering people."""

import os

import pytest

pytest.importorskip('gradio', reason='the web page is an optional extra')

from boostgan_plugin.inference.packaged import packaged_weights  # noqa: E402
from boostgan_plugin.web.running import running_page  # noqa: E402

from .bad_requests import PATIENCE, ROOT, send_bad_requests, visit  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif('faces' not in packaged_weights(), reason='there are no packaged weights'),
]
#: 2000 take minutes.
COUNT = int(os.environ.get('BAD_REQUESTS', 200))


def test_bad_requests_are_answered_and_people_are_served(tmp_path):
    log = tmp_path / 'log'
    with running_page(ROOT / 'tools/webui.py', log, ['--device', 'cpu'], PATIENCE) as page:
        outcome = send_bad_requests(page, COUNT)
        assert not outcome.failures
        assert len({kind for kind, _ in outcome.statuses}) == 13 and outcome.memory < 3 * 2**30
        assert visit(page, 8) == 8
        assert page.memory() < 3 * 2**30
    assert 'Traceback' not in log.read_text()
