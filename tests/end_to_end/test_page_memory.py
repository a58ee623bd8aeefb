"""A page with little memory: who asks for too much is told, and the page goes on."""

import sys

import numpy as np
import pytest

pytest.importorskip('gradio', reason='the web page is an optional extra')

from boostgan_plugin.inference.packaged import packaged_weights  # noqa: E402
from boostgan_plugin.web.client import PageClient  # noqa: E402
from boostgan_plugin.web.running import running_page  # noqa: E402

from .bad_requests import PATIENCE, ROOT  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != 'linux', reason='memory is counted by Linux alone'),
    pytest.mark.skipif('faces' not in packaged_weights(), reason='there are no packaged weights'),
]
MODELS = ('patches', 'faces', 'telea')


@pytest.fixture(scope='module')
def page(tmp_path_factory):
    log = tmp_path_factory.mktemp('page') / 'log'
    with running_page(
        ROOT / 'tools/webui.py',
        log,
        ['--device', 'cpu', '--max-memory-gb', '0.15', '--model', *MODELS],
        PATIENCE,
    ) as page:
        yield page
    assert 'Traceback' not in log.read_text()


def photo(side):
    return (
        np.random.default_rng(0)
        .integers(0, 256, (side // 8, side // 8, 3), np.uint8)
        .repeat(8, 0)
        .repeat(8, 1)
    )


@pytest.mark.parametrize('model', MODELS)
def test_too_much_memory_is_told_and_the_next_photo_is_restored(page, model):
    hole = np.zeros((640, 640), bool)
    hole[100:540, 100:540] = True
    visitor = PageClient(page.address, PATIENCE)
    with pytest.raises(RuntimeError, match='needs more memory than there is for one photo'):
        visitor.restore(photo(1800), hole, model)

    small = photo(128)
    restored = visitor.restore(small, hole, model)
    known = ~np.pad(np.ones((92, 92), bool), 18)
    assert np.array_equal(restored[known], small[known]) and (restored != small).any()


def test_a_page_of_a_model_that_knows_no_regions_opens(tmp_path):
    with running_page(
        ROOT / 'tools/webui.py', tmp_path / 'log', ['--model', 'telea', '--device', 'cpu'], PATIENCE
    ) as alone:
        hole = np.zeros((640, 640), bool)
        hole[300:400, 300:400] = True
        assert PageClient(alone.address, PATIENCE).restore(photo(64), hole, 'telea').any()
