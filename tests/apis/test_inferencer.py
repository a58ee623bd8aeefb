import json
import subprocess
import sys

import cv2
from mmengine.structures import BaseDataElement
import numpy as np
import pytest
import torch

from boostgan_plugin.apis import InpaintingInferencer
from boostgan_plugin.datasets.transforms.images import read_image
from boostgan_plugin.inference.classical_backend import METHODS
from boostgan_plugin.registry import MODELS
from tests.conftest import ATTRIBUTES, CLASSES, ROOT

RNG = np.random.default_rng(0)


@pytest.fixture
def inferencer(inference_config, boostgan_weights):
    return InpaintingInferencer(inference_config, boostgan_weights, device='cpu')


def image(*shape, dtype=np.uint8):
    if np.dtype(dtype).kind == 'f':
        return RNG.random(shape).astype(dtype)
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def write(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)
    return path


def test_at_the_models_scale_it_does_what_the_model_does(
    inferencer, inference_config, boostgan_weights
):
    model = MODELS.build(inference_config.model)
    model.load_state_dict(torch.load(boostgan_weights)['state_dict'])
    model.eval()
    pixels = image(32, 32, 3)
    target = torch.from_numpy(pixels).permute(2, 0, 1)[None] / 127.5 - 1
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., 8:20, 4:24] = 1
    with torch.no_grad():
        wanted = model(dict(gt_img=target, mask=mask, masked_img=target * (1 - mask)))
    wanted = ((wanted[0].permute(1, 2, 0) + 1) * 127.5).numpy()
    (result,) = inferencer(pixels, (4, 8, 24, 20))['predictions']
    assert np.abs(result[8:20, 4:24] - wanted[8:20, 4:24]).max() <= 0.51
    result[8:20, 4:24] = pixels[8:20, 4:24]
    assert np.array_equal(result, pixels)


def test_every_way_to_give_an_image_and_a_mask(inferencer, tmp_path):
    pixels, hole = image(40, 50, 3), np.zeros((40, 50), bool)
    hole[10:30, 10:30] = True
    path = write(tmp_path / 'in/a.png', pixels[..., ::-1])
    mask = write(tmp_path / 'masks/a.bmp', hole.astype(np.uint8) * 255)
    (expected,) = inferencer(pixels, (10, 10, 30, 30))['predictions']
    for given in (pixels, path, str(path), [path], (pixels,), tmp_path / 'in'):
        for where in (hole, hole * 255, mask, str(mask), [10, 10, 30, 30], [hole], [mask]):
            (result,) = inferencer(given, where)['predictions']
            assert np.array_equal(result, expected)
    (result,) = inferencer(path, tmp_path / 'masks')['predictions']
    assert np.array_equal(result, expected)


def test_lists_folders_and_batches_agree_with_single_calls(inferencer, tmp_path):
    shapes = [(40, 50, 3), (40, 50), (64, 64, 4), (40, 50, 3), (37, 501, 3)]
    images = [image(*shape) for shape in shapes]
    masks = [(5, 5, 20, 20), (10, 0, 30, 30), (1, 1, 60, 60), np.zeros((40, 50)), (0, 0, 500, 37)]
    alone = [inferencer(*pair)['predictions'][0] for pair in zip(images, masks)]
    for batch_size in (1, 2, 5):
        together = inferencer(images, masks, batch_size=batch_size)['predictions']
        for one, other in zip(alone, together, strict=True):
            assert one.shape == other.shape
            assert np.abs(one.astype(int) - other).max() <= 1
    out = tmp_path / 'out'
    for index in range(3):
        write(tmp_path / f'in/{index}.png', image(20, 30))
    (tmp_path / 'in/notes.txt').write_text('no image')
    result = inferencer(tmp_path / 'in', (2, 2, 9, 9), out=out)
    assert sorted(path.name for path in out.iterdir()) == ['0.png', '1.png', '2.png']
    for index in range(3):
        assert np.array_equal(
            read_image(str(out / f'{index}.png'), -1), result['predictions'][index]
        )


def test_what_was_restored_before_an_error_is_on_disk(inferencer, tmp_path):
    for name in 'ac':
        write(tmp_path / f'in/{name}.png', image(20, 30))
    (tmp_path / 'in/b.png').write_bytes(b'no image')
    with pytest.raises(ValueError, match='b.png'):
        inferencer(tmp_path / 'in', (2, 2, 9, 9), out=tmp_path / 'out')
    assert [path.name for path in (tmp_path / 'out').iterdir()] == ['a.png']


def test_told_attributes_and_regions_change_the_hole_alone(inferencer):
    pixels = image(32, 32, 3)
    box = (8, 8, 24, 24)
    plain = inferencer(pixels, box, show_semantics=True)
    read = plain['semantics'][0]
    assert tuple(read['attributes']) == ATTRIBUTES
    assert read['segmentation'].shape == (32, 32)
    results = [plain['predictions'][0]]
    opposite = {'Smiling': read['attributes']['Smiling'] < 0.5}
    for edits in (
        dict(attributes=opposite),
        dict(segmentation={'hair': (0, 0, 32, 32)}),
        dict(segmentation=np.full((32, 32), 1)),
    ):
        results.append(inferencer(pixels, box, **edits)['predictions'][0])
        known = np.ones((32, 32), bool)
        known[8:24, 8:24] = False
        assert np.array_equal(results[-1][known], pixels[known])
    assert len({result.tobytes() for result in results}) == 4
    same = inferencer(
        pixels, box, attributes=read['attributes'], segmentation=read['segmentation']
    )['predictions'][0]
    assert np.array_equal(same, results[0]), 'telling what was read changes nothing'


def test_data_samples_and_drawings(inferencer):
    pixels = image(40, 50, 3)
    result = inferencer(
        pixels, (5, 5, 20, 20), return_datasamples=True, show_semantics=True, draw=True
    )
    (sample,) = result['predictions']
    assert isinstance(sample, BaseDataElement) and sample.restored.shape == pixels.shape
    assert sample.mask.sum() == 225 and sample.attributes.shape == (3,)
    assert sample.segmentation.shape == (40, 50)
    (drawn,) = result['visualization']
    assert drawn.dtype == np.uint8 and drawn.shape[2] == 3
    for other in (image(40, 50, dtype=np.uint16), image(40, 50, 4, dtype=np.float32)):
        (drawn,) = inferencer(other, (5, 5, 20, 20), draw=True)['visualization']
        assert drawn.dtype == np.uint8


def test_names_and_context(inferencer, inference_config, boostgan_weights):
    assert inferencer.attributes == ATTRIBUTES and inferencer.classes == CLASSES
    wide = InpaintingInferencer(inference_config, boostgan_weights, context=9)
    assert wide.model.info.window.context == 9
    for context in (0.5, float('inf'), float('nan')):
        with pytest.raises(ValueError, match=f'context={context}'):
            InpaintingInferencer(inference_config, boostgan_weights, context=context)


@pytest.mark.parametrize(
    'call, words',
    [
        (dict(), 'give a mask'),
        (dict(mask=[(0, 0, 1, 1)] * 2), '2 masks for 1 images'),
        (dict(mask='folder'), 'some images are arrays'),
        (dict(mask=(0, 0, 99, 9)), 'does not lie in'),
        (dict(mask=(0, 0, 9, 9), attributes={'Eyeglass': 1}), 'did you mean Eyeglasses'),
        (dict(mask=(0, 0, 9, 9), batch_size=0), 'batch_size=0'),
    ],
)
def test_a_wrong_call_says_what_is_wrong(inferencer, tmp_path, call, words):
    if call.get('mask') == 'folder':
        call = dict(mask=tmp_path)
    with pytest.raises(ValueError, match=words):
        inferencer(image(20, 20, 3), **call)


def test_results_never_overwrite_images_or_each_other(inferencer, tmp_path):
    first, second = (write(tmp_path / f'{name}/a.png', image(9, 9)) for name in 'xy')
    before = first.read_bytes()
    mask = write(tmp_path / 'masks/a.png', np.zeros((9, 9), np.uint8))
    for where, out in (
        ((0, 0, 3, 3), first),
        ((0, 0, 3, 3), tmp_path / 'x'),
        (mask, mask),
        (mask.parent, mask.parent),
    ):
        with pytest.raises(ValueError, match='overwrite'):
            inferencer(first, where, out=out)
    with pytest.raises(ValueError, match='overwrite'):
        inferencer(first, (0, 0, 3, 3), segmentation={'hair': mask}, out=mask)
    with pytest.raises(ValueError, match='two images'):
        inferencer([first, second], (0, 0, 3, 3), out=tmp_path / 'z')
    with pytest.raises(ValueError, match='one file'):
        inferencer([first, second], (0, 0, 3, 3), out=tmp_path / 'z.png')
    assert first.read_bytes() == before and not (tmp_path / 'z').exists()


def test_models_that_are_none_are_refused(tmp_path, inference_config):
    with pytest.raises(FileNotFoundError, match='faces9 is no file'):
        InpaintingInferencer('faces9')
    with pytest.raises(ValueError, match='has weights'):
        InpaintingInferencer(inference_config)
    (tmp_path / 'weights.pth').write_bytes(b'')
    with pytest.raises(ValueError, match=r'expected a config'):
        InpaintingInferencer(tmp_path / 'weights.pth')
    torch.save({}, tmp_path / 'a.pth')
    with pytest.raises(ValueError, match='does not fit'):
        InpaintingInferencer(inference_config, tmp_path / 'a.pth')


@pytest.mark.parametrize(
    'change, words',
    [
        (dict(inference=None), 'add inference = dict'),
        (dict(inference=dict(image_size=0, context=2)), 'image_size=0'),
        (dict(model=dict(type='ImageClassifier')), 'trains no inpainter, but ImageClassifier'),
        (dict(model=None), 'trains no inpainter, but nothing'),
    ],
)
def test_configs_that_cannot_restore_are_refused(inference_config, boostgan_weights, change, words):
    for key, value in change.items():
        inference_config.pop(key)
        if value:
            inference_config[key] = value
    with pytest.raises(ValueError, match=words):
        InpaintingInferencer(inference_config, boostgan_weights)


@pytest.mark.parametrize('device', ['abacus', 'cuda:99'])
def test_a_device_that_is_not_there_is_named(inference_config, boostgan_weights, device):
    with pytest.raises(ValueError, match=f'device {device} cannot be used here'):
        InpaintingInferencer(inference_config, boostgan_weights, device=device)


def test_weights_that_are_a_program_are_not_run(tmp_path, inference_config):
    class Program:
        def __reduce__(self):
            return open, (str(tmp_path / 'was_here'), 'w')

    torch.save(dict(state_dict=Program()), tmp_path / 'hostile.pth')
    with pytest.raises(ValueError, match='broken or holds more than weights'):
        InpaintingInferencer(inference_config, tmp_path / 'hostile.pth')
    assert not (tmp_path / 'was_here').exists()


@pytest.mark.parametrize('method', ['Telea', 'NavierStokes', 'PatchMatch'])
def test_classical_methods_need_no_weights(method):
    from mmengine.config import Config

    if method == 'PatchMatch':
        pytest.importorskip('patchmatch')
    classical = Config(
        dict(
            model=dict(type='TrainingFree', generator=dict(type=method)),
            inference=dict(image_size=64, context=2),
        )
    )
    pixels = np.full((90, 70, 3), 90, np.uint8)
    (result,) = InpaintingInferencer(classical)(pixels, (20, 20, 40, 40))['predictions']
    assert np.abs(result.astype(int) - 90).max() <= 5  # OpenCV's own error


@pytest.mark.parametrize('method', METHODS)
def test_methods_without_training_have_names_and_work_at_the_photos_own_size(method):
    if method == 'patchmatch':
        pytest.importorskip('patchmatch')
    pixels = image(300, 200, 3) // 8 + np.uint8(100)
    inferencer = InpaintingInferencer(method)
    results = [inferencer(pixels, (90, 100, 120, 140))['predictions'][0] for _ in range(2)]
    assert np.array_equal(*results), 'the same input, the same output'
    known = np.ones((300, 200), bool)
    known[100:140, 90:120] = False
    assert np.array_equal(results[0][known], pixels[known])
    assert np.abs(results[0][~known].astype(int) - 116).max() < 30
    with pytest.raises(ValueError, match='needs no weights'):
        InpaintingInferencer(method, 'a.pth')


def test_a_method_that_is_not_installed_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, 'patchmatch', None)
    with pytest.raises(ImportError, match=r'pip install "\.\[patchmatch\]"'):
        InpaintingInferencer('patchmatch')


def test_holes_grow_and_what_is_restored_fades_out(inference_config, boostgan_weights):
    pixels, box = image(64, 64, 3), (20, 20, 40, 40)
    changed = {}
    for options in (dict(), dict(grow=3), dict(blend=4), dict(grow=3, blend=4)):
        (result,) = InpaintingInferencer(
            inference_config, boostgan_weights, device='cpu', **options
        )(pixels, box)['predictions']
        rows, columns = np.nonzero((result != pixels).any(2))
        reach = 20 - rows.min(), 20 - columns.min(), rows.max() - 39, columns.max() - 39
        changed[tuple(options.values())] = max(reach)
    assert changed == {(): 0, (3,): 3, (4,): 4, (3, 4): 7}
    for options, words in (
        (dict(grow=-1), 'grow=-1'),
        (dict(blend=0.5), 'blend=0.5'),
        (dict(detail='fine'), "detail='fine' is unknown"),
    ):
        with pytest.raises(ValueError, match=words):
            InpaintingInferencer(inference_config, boostgan_weights, **options)


def test_detail_is_that_of_the_weights_unless_told_otherwise(inference_config, boostgan_weights):
    pixels, results = image(200, 260, 3), {}
    for of_weights, told in (
        ('off', None),
        ('off', 'patches'),
        ('patches', None),
        ('patches', 'off'),
    ):
        inference_config.inference.detail = of_weights
        (results[of_weights, told],) = InpaintingInferencer(
            inference_config, boostgan_weights, device='cpu', detail=told
        )(pixels, (80, 60, 150, 120))['predictions']
    off, patches = results['off', None], results['patches', None]
    assert np.array_equal(off, results['patches', 'off'])
    assert np.array_equal(patches, results['off', 'patches'])
    hole = slice(62, 118), slice(82, 148)
    assert patches[hole].std() > 1.5 * off[hole].std(), 'as rough as the photograph'
    known = np.ones((200, 260), bool)
    known[60:120, 80:150] = False
    assert np.array_equal(patches[known], pixels[known])
    inference_config.inference.detail = 'much'
    with pytest.raises(ValueError, match="detail='much' is unknown; choose off or patches"):
        InpaintingInferencer(inference_config, boostgan_weights)


# Anything goes ----------------------------------------------------------------------------------


def random_case(rng):
    """An image of any size and kind, and a mask of any kind, some of them wrong."""
    size = tuple(int(round(1500 ** rng.random())) for _ in range(2))
    channels = rng.choice([0, 1, 3, 4, 2, 5], p=[0.2, 0.1, 0.35, 0.25, 0.05, 0.05])
    shape = size if channels == 0 else (*size, int(channels))
    dtype = rng.choice(
        ['uint8', 'uint16', 'float32', 'float64', 'int32', 'bool'],
        p=[0.4, 0.2, 0.2, 0.1, 0.05, 0.05],
    )
    if dtype.startswith('float'):
        pixels = (rng.random(shape) * rng.choice([1, 1, 1, 255])).astype(dtype)
    else:
        pixels = rng.integers(0, 256 if dtype == 'uint8' else 2, shape).astype(dtype)
        if dtype == 'uint16':
            pixels = rng.integers(0, 65536, shape).astype(dtype)
    return pixels, random_mask(rng, size)


def random_mask(rng, size):
    kind = rng.choice(['empty', 'full', 'speckled', 'blob', 'inverted', 'box', 'transposed'])
    hole = np.zeros(size, bool)
    top, left = rng.integers(0, size[0]), rng.integers(0, size[1])
    bottom, right = rng.integers(top, size[0]) + 1, rng.integers(left, size[1]) + 1
    if kind == 'box':
        return tuple(int(side) for side in (left, top, right, bottom + rng.integers(2)))
    hole[top:bottom, left:right] = True
    hole = dict(
        empty=np.zeros(size, bool),
        full=np.ones(size, bool),
        inverted=~hole,
        blob=hole,
        speckled=rng.random(size) < rng.random() ** 3,
        transposed=hole.T,
    )[kind]
    as_type = rng.choice(['bool', 'uint8', 'grey', 'float32', 'int64', 'signed'])
    if as_type == 'grey':
        return hole.astype(np.uint8) * 255
    return -hole.astype(int) if as_type == 'signed' else hole.astype(as_type)


@pytest.mark.filterwarnings('ignore:the mask of')
def test_five_hundred_random_cases_keep_known_pixels_or_say_what_is_wrong(inferencer):
    rng, restored = np.random.default_rng(7), 0
    for case in range(500):
        pixels, mask = random_case(rng)
        before = pixels.copy()
        try:
            (result,) = inferencer(pixels, mask)['predictions']
        except ValueError as error:
            assert has_defect(pixels, mask), (case, error)
            continue
        restored += 1
        hole = mask_of(mask, pixels.shape[:2])
        assert result.dtype == pixels.dtype and result.shape == pixels.shape, case
        assert np.array_equal(result[~hole], before[~hole]), case
        assert np.array_equal(pixels, before), case
        if pixels.ndim == 3 and pixels.shape[2] == 4:
            assert np.array_equal(result[..., 3], before[..., 3]), case
        if result.dtype.kind == 'f':
            assert np.isfinite(result).all() and result.min() >= 0 and result.max() <= 1, case
    assert restored > 250


def has_defect(pixels, mask):
    """Whether an image or a mask is of a kind that is not taken."""
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    floats_beyond = pixels.dtype.kind == 'f' and pixels.max() > 1
    outside = isinstance(mask, tuple) and mask[3] > pixels.shape[0]
    misshapen = not isinstance(mask, tuple) and mask.shape != pixels.shape[:2]
    negative = not isinstance(mask, tuple) and mask.dtype.kind == 'i' and mask.min() < 0
    return (
        channels not in (1, 3, 4)
        or pixels.dtype.name in ('int32', 'bool')
        or floats_beyond
        or outside
        or misshapen
        or negative
    )


def mask_of(mask, size):
    """The slow, obvious reading of a mask that was accepted."""
    if isinstance(mask, tuple):
        hole = np.zeros(size, bool)
        hole[mask[1] : mask[3], mask[0] : mask[2]] = True
        return hole
    return mask > (0.5 if mask.max() <= 1 else 127)


_LARGE = """
import json, resource, sys
import numpy as np
from boostgan_plugin.apis import InpaintingInferencer
inferencer = InpaintingInferencer(sys.argv[1], device='cpu')
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
hole = np.zeros((3000, 4000), np.uint8)
hole[900:2100, 1200:2600] = 255
result, = inferencer(sys.argv[2], hole, out=sys.argv[3])['predictions']
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(dict(before=before / 2**20, peak=peak / 2**20, shape=result.shape)))
"""


def test_a_photo_of_twelve_megapixels_needs_less_than_two_gigabytes(tmp_path):
    photo = image(300, 400, 3).repeat(10, 0).repeat(10, 1)
    path, out = write(tmp_path / 'large.png', photo), tmp_path / 'out.png'
    done = subprocess.run(
        [sys.executable, '-c', _LARGE, 'faces', str(path), str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    measured = json.loads(done.stdout.splitlines()[-1])
    assert measured['shape'] == [3000, 4000, 3]
    assert measured['peak'] < 2, f'{measured} GiB'
    result = read_image(str(out), -1)
    changed = (result != photo).any(2)
    assert changed[900:2100, 1200:2600].mean() > 0.9
    changed[900:2100, 1200:2600] = False
    assert not changed.any()
