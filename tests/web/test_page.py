"""What is behind the page, without a browser."""

from dataclasses import replace
import runpy
import struct
import sys
import warnings
import zlib

import cv2
import numpy as np
from PIL import Image
import pytest

from boostgan_plugin.apis.inferencer import InpaintingInferencer
from boostgan_plugin.inference.images import ImageData, open_image
from boostgan_plugin.inference.knowledge import Knowledge
from boostgan_plugin.visualization import class_colours
from boostgan_plugin.web import session as working
from boostgan_plugin.web.backend import LocalBackend, Opener, write_result
from boostgan_plugin.web.controller import InpaintingController
from boostgan_plugin.web.limits import Deadline, RequestLimits, TimeoutBackend, check_size
from boostgan_plugin.web.session import edited_attributes, open_session, painted, switch_labels
from tests.conftest import ATTRIBUTES, CLASSES, ROOT

RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Photos are shown at 48 px."""
    monkeypatch.setattr(working, 'SHOWN_SIDE', 48)


@pytest.fixture
def inferencer(inference_config, boostgan_weights):
    return InpaintingInferencer(inference_config, boostgan_weights, device='cpu')


def controller_with(inferencer, limits=None, knowledge=None):
    """All in this process."""
    limits = limits or RequestLimits()
    return InpaintingController(Opener(limits).open, LocalBackend(inferencer, limits), knowledge)


@pytest.fixture
def controller(inferencer):
    return controller_with(inferencer)


def photo(folder, *shape, dtype=np.uint8, name='photo.png'):
    pixels = RNG.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)
    assert cv2.imwrite(str(folder / name), pixels)
    return folder / name


def editor(size, *boxes):
    """What the image editor gives: one layer for each box (top, bottom, left, right)."""
    layers = []
    for top, bottom, left, right in boxes:
        layer = np.zeros((*size, 4), np.uint8)
        layer[top:bottom, left:right] = (255, 45, 138, 255)
        layers.append(layer)
    return dict(background=None, layers=layers, composite=None)


# What was painted, and what is told --------------------------------------------------------------


def test_all_that_paint_touches_is_painted():
    value = editor((8, 10), (0, 2, 0, 3), (4, 6, 5, 9))
    value['layers'][0][7, 7, 3] = 1  # The soft rim of a brush.
    strokes = painted(value, (8, 10))
    assert strokes.dtype == bool and strokes.sum() == 6 + 8 + 1 and strokes[7, 7]
    assert not painted(None, (8, 10)).any() and not painted(editor((8, 10)), (8, 10)).any()
    with pytest.raises(ValueError, match='does not fit'):
        painted(value, (10, 8))


def test_only_switches_that_were_turned_are_told():
    read = dict(Eyeglasses=0.12, Male=0.9, Smiling=0.5)
    assert edited_attributes(read, ['Male']) == {}
    assert edited_attributes(read, ['Eyeglasses', 'Male']) == dict(Eyeglasses=1)
    assert edited_attributes(read, ['Smiling']) == dict(Male=0, Smiling=1)
    assert edited_attributes({}, []) == {}
    assert edited_attributes({}, ['Smiling']) == dict(Smiling=1), 'a switch counts before Read'


def test_switches_show_probabilities():
    assert switch_labels(dict(Eyeglasses=0.118, Wearing_Hat=1.0)) == [
        ('Eyeglasses 12 %', 'Eyeglasses'),
        ('Wearing Hat 100 %', 'Wearing_Hat'),
    ]


def test_regions_that_are_told_lie_above_those_that_were_read(tmp_path):
    session = open_session(photo(tmp_path, 96, 64, 3), RequestLimits())
    assert session.size == (96, 64) and session.shown.shape == (48, 32, 3)
    assert session.segmentation is None
    labels = np.where(np.arange(32) < 16, 1, session.labels).astype(np.int16)
    session = replace(session, labels=labels)
    first, second, hole = (
        painted(editor((48, 32), box), (48, 32))
        for box in ((0, 4, 0, 8), (2, 6, 0, 8), (40, 48, 20, 32))
    )
    told = session.add_region(first, 2).add_region(second, 3)
    assert told.segmentation.shape == (48, 32) and told.segmentation.dtype == np.int16
    assert (told.segmentation[:2, :8] == 2).all() and (told.segmentation[2:6, :8] == 3).all()
    assert (told.segmentation[6:] == -1).all() and (told.segmentation[:, 8:] == -1).all()
    image = told.regions(hole, 4)
    for place, number in (((0, 0), 2), ((5, 0), 3), ((20, 10), 1)):
        wanted = 0.45 * session.shown[place] + 0.55 * class_colours(4)[number, ::-1]
        assert np.abs(image[place] - wanted).max() <= 1
    assert (image[44, 25] == 127).all() and (image[20, 20] == session.shown[20, 20]).all()
    assert told.clear_regions().segmentation is None


# Limits ------------------------------------------------------------------------------------------


def test_large_photos_are_refused_before_they_are_decoded(tmp_path):
    """A file that has nothing but a size."""

    def chunk(kind, data):
        return (
            struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
        )

    for side, said in ((6000, r'36\.0 megapixels, the limit here is 25'), (60000, 'far too many')):
        header = chunk(b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0))
        path = tmp_path / 'large.png'
        path.write_bytes(b'\x89PNG\r\n\x1a\n' + header + chunk(b'IDAT', b'') + chunk(b'IEND', b''))
        with warnings.catch_warnings(), pytest.raises(ValueError, match=said):
            warnings.simplefilter('error')
            Opener(RequestLimits()).open(path)


def test_what_is_no_photo_is_refused_in_words(tmp_path):
    (tmp_path / 'notes.png').write_text('no image')
    with pytest.raises(ValueError, match=r'^notes\.png is no image'):
        check_size(tmp_path / 'notes.png', RequestLimits())
    with pytest.raises(FileNotFoundError, match=r'^gone\.png is no longer here'):
        open_session(tmp_path / 'gone.png', RequestLimits())
    with pytest.raises(ValueError, match='seconds=0'):
        RequestLimits(seconds=0)
    with pytest.raises(ValueError, match='2 MB are needed'):
        RequestLimits(upload_mb=1)
    with pytest.raises(ValueError, match=r'disk_gb=0\.01'):
        RequestLimits(disk_gb=0.01)


def test_errors_do_not_say_where_the_server_keeps_files(tmp_path):
    frames = [Image.new('L', (8, 8), value) for value in (0, 255)]
    frames[0].save(tmp_path / 'moving.tiff', save_all=True, append_images=frames[1:])
    with pytest.raises(ValueError, match='several frames') as caught:
        open_session(tmp_path / 'moving.tiff', RequestLimits())
    assert str(tmp_path) not in str(caught.value)


def test_a_request_ends_when_its_time_is_over(inferencer):
    inferencer.model = TimeoutBackend(inferencer.model)
    inferencer.model.begin(Deadline(RequestLimits(seconds=1e-9)))
    with pytest.raises(TimeoutError, match='limit here'):
        inferencer(np.zeros((32, 32, 3), np.uint8), (4, 4, 20, 20))


# What the buttons do -----------------------------------------------------------------------------


def test_reading_gives_probabilities_and_regions(controller, tmp_path):
    session = controller.open(photo(tmp_path, 96, 96, 3))
    read = controller.read(session, editor((48, 48), (10, 20, 10, 20)))
    assert tuple(read.read) == ATTRIBUTES and all(0 <= value <= 1 for value in read.read.values())
    assert read.labels.shape == (48, 48) and set(np.unique(read.labels)) <= {-1, 0, 1, 2, 3}
    assert (controller.read(session, None).labels >= 0).all()


@pytest.mark.parametrize(
    ('shape', 'dtype'),
    [
        ((96, 64, 3), np.uint8),
        ((96, 64, 4), np.uint16),
        ((96, 64), np.uint16),
        ((20, 31, 3), np.uint8),
    ],
)
def test_known_pixels_of_the_file_stay_in_their_depth(controller, tmp_path, shape, dtype):
    path = photo(tmp_path, *shape, dtype=dtype)
    session = controller.open(path)
    hole = editor(session.shown.shape[:2], (10, 20, 8, 20))
    result = controller.restore(session, hole, [], tmp_path / 'out')
    written = result.path
    assert result.shown.shape == session.shown.shape and result.shown.dtype == np.uint8
    assert written.name == 'photo_restored.png'
    before, after = (cv2.imread(str(one), cv2.IMREAD_UNCHANGED) for one in (path, written))
    assert after.dtype == dtype and after.shape == shape
    changed = before != after
    if len(shape) == 3:
        assert not changed[..., 3:].any()
        changed = changed.any(2)
    rows, columns = np.nonzero(changed)
    scale = max(shape) / 48
    assert rows.size and 10 * scale - 1 <= rows.min() and rows.max() <= 20 * scale
    assert 8 * scale - 1 <= columns.min() and columns.max() <= 20 * scale


def test_turned_photos_come_back_upright(controller, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = RNG.integers(0, 256, (40, 60, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / 'turned.png', exif=exif)
    session = controller.open(tmp_path / 'turned.png')
    assert session.size == (60, 40)
    restored = controller.restore(session, editor((48, 32), (0, 8, 0, 8)), [], tmp_path / 'out')
    assert np.array_equal(open_image(restored.path).pixels[20:], np.rot90(pixels, -1)[20:])


def test_what_is_told_changes_the_hole(controller, tmp_path):
    hole, strokes = editor((48, 48), (8, 32, 8, 32)), editor((48, 48), (8, 20, 8, 32))
    session = controller.read(controller.open(photo(tmp_path, 48, 48, 3)), hole)
    on = [name for name, value in session.read.items() if value > 0.5]
    turned = set(ATTRIBUTES) - set(on)

    def restored(session, on, *override):
        result = controller.restore(session, hole, on, tmp_path / 'out', *override)
        return open_image(result.path).pixels

    results = [
        restored(session, on),
        restored(session, turned),
        restored(session, on, strokes, CLASSES[2]),
    ]
    for other in results[1:]:
        assert not np.array_equal(results[0], other)
    added = restored(controller.add_region(session, strokes, CLASSES[2]), on)
    assert np.array_equal(added, results[2])


def test_an_outline_is_filled_and_can_be_undone(controller, tmp_path):
    session = controller.open(photo(tmp_path, 96, 96, 3))
    ring = editor((48, 48), (10, 12, 10, 30), (28, 30, 10, 30), (10, 30, 10, 12), (10, 30, 28, 30))
    inside = np.zeros((48, 48), bool)
    inside[10:30, 10:30] = True
    brushed, outlined = (controller.stroke(session, ring, tool) for tool in ('brush', 'outline'))
    assert brushed.hole.sum() < inside.sum() and np.array_equal(outlined.hole, inside)
    filled = editor((48, 48), (10, 30, 10, 30))
    again = controller.stroke(outlined, filled, 'outline')
    assert again is outlined, 'what comes back is no stroke'
    more = controller.stroke(outlined, editor((48, 48), (10, 30, 10, 30), (40, 44, 40, 44)))
    cleared = controller.clear(more)
    assert not cleared.hole.any() and cleared.shown is session.shown
    for before in (more, outlined, session, session):
        cleared = controller.undo(cleared)
        assert np.array_equal(cleared.hole, before.hole)


def test_a_tap_selects_and_what_was_selected_before_stays(controller, tmp_path):
    pixels = np.full((48, 48, 3), 40, np.uint8)
    cv2.circle(pixels, (30, 30), 9, (30, 60, 220), -1)
    cv2.imwrite(str(tmp_path / 'ball.png'), pixels)
    session = controller.stroke(
        controller.open(tmp_path / 'ball.png'), editor((48, 48), (0, 4, 0, 4))
    )
    tapped = editor((48, 48), (0, 4, 0, 4), (28, 32, 28, 32))
    selected = controller.stroke(session, tapped, 'object').hole
    assert selected[:4, :4].all() and selected[22:39, 22:39].mean() > 0.75
    # But for the rim around the ball, nothing else.
    assert not selected[10:16].any() and selected.sum() < 16 + 25**2


def test_the_outline_that_was_just_drawn_counts_when_the_photo_is_restored(controller, tmp_path):
    path = photo(tmp_path, 48, 48, 3)
    ring = editor((48, 48), (10, 12, 10, 30), (28, 30, 10, 30), (10, 30, 10, 12), (10, 30, 28, 30))
    result = controller.restore(controller.open(path), ring, [], tmp_path / 'out', tool='outline')
    restored = open_image(result.path).pixels
    assert (restored != open_image(path).pixels).any(2)[14:26, 14:26].mean() > 0.9


def test_all_of_the_work_counts_as_time(inferencer, tmp_path):
    controller = controller_with(inferencer, RequestLimits(seconds=1e-9))
    with pytest.raises(TimeoutError, match='limit here'):
        controller.open(photo(tmp_path, 48, 48, 3))
    session = open_session(photo(tmp_path, 48, 48, 3), RequestLimits())
    with pytest.raises(TimeoutError, match='limit here'):
        controller.restore(session, editor((48, 48), (0, 4, 0, 4)), [], tmp_path)


def test_progress_is_told_window_by_window(controller, tmp_path):
    session = controller.open(photo(tmp_path, 200, 200, 3))
    told = []
    controller.restore(
        session,
        editor((48, 48), (2, 6, 2, 6), (40, 44, 40, 44)),
        [],
        tmp_path,
        progress=lambda done, count: told.append((done, count)),
    )
    assert told == [(0, 2), (1, 2)]


def test_another_model_was_told_nothing(controller, tmp_path):
    session = controller.read(controller.open(photo(tmp_path, 48, 48, 3)), None)
    session = session.add_region(np.eye(48) > 0, 2)
    unread = session.unread()
    assert unread.segmentation is None and not unread.read and (unread.labels == -1).all()


def test_what_the_weights_know_is_said(inferencer, tmp_path):
    session = open_session(photo(tmp_path, 48, 48, 3), RequestLimits())
    one = np.zeros(33)
    known = Knowledge('Faces.', one, np.eye(33), 0.1)
    controller = controller_with(inferencer, knowledge=known)
    assert controller.knows == 'Faces.' and 'unlike' in controller.doubt(session)
    assert controller_with(inferencer).knows == '' == controller_with(inferencer).doubt(session)


def test_what_is_missing_is_said(controller, tmp_path):
    with pytest.raises(ValueError, match='choose a photo'):
        controller.restore(None, None, [], tmp_path)
    session = controller.open(photo(tmp_path, 48, 48, 3))
    with pytest.raises(ValueError, match='paint over what is to be replaced'):
        controller.restore(session, editor((48, 48)), [], tmp_path)
    with pytest.raises(ValueError, match='where this region shall be'):
        controller.add_region(session, editor((48, 48)), CLASSES[1])
    session.path.unlink()
    with pytest.raises(FileNotFoundError, match=r'^photo\.png is no longer here'):
        controller.restore(session, editor((48, 48), (0, 4, 0, 4)), [], tmp_path)


def test_floats_are_written_as_tiff(tmp_path):
    image = ImageData(RNG.random((8, 9, 3), np.float32), 'deep.tiff')
    written = write_result(image, tmp_path)
    assert written.suffix == '.tiff' and np.array_equal(open_image(written).pixels, image.pixels)


# The tool ----------------------------------------------------------------------------------------


def test_without_gradio_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, 'gradio', None)
    for name in ('page', 'style'):
        monkeypatch.delitem(sys.modules, f'boostgan_plugin.web.{name}', raising=False)
    monkeypatch.setattr(sys, 'argv', ['webui.py'])
    with pytest.raises(SystemExit, match=r'pip install "\.\[web\]"'):
        runpy.run_path(str(ROOT / 'tools/webui.py'), run_name='__main__')


def test_two_models_of_one_name_are_refused(monkeypatch):
    monkeypatch.setattr(sys, 'argv', ['webui.py', '--device', 'cpu', '--model', 'faces', 'faces'])
    pytest.importorskip('gradio', reason='the web page is an optional extra')
    with pytest.raises(SystemExit, match='one name'):
        runpy.run_path(str(ROOT / 'tools/webui.py'), run_name='__main__')


@pytest.mark.parametrize(
    ('host', 'alone'),
    [
        ('127.0.0.1', True),
        ('::1', True),
        ('localhost', True),
        ('0.0.0.0', False),
        ('192.168.0.7', False),
        ('my-server', False),
    ],
)
def test_who_can_reach_it(host, alone):
    assert runpy.run_path(str(ROOT / 'tools/webui.py'))['is_loopback'](host) == alone
