import numpy as np
from PIL import Image
import pytest

from boostgan_plugin.apis import InpaintingInferencer, load_config
from boostgan_plugin.apis.montage import write_montage

CONFIG = 'configs/benchmarks/edits_faces.py'


@pytest.fixture(scope='module')
def mean_colour():
    model = dict(type='TrainingFree', generator=dict(type='MeanFill'))
    return InpaintingInferencer(load_config(CONFIG, {'model': model}))


def sheet(inferencer, out, **options):
    config = load_config(
        CONFIG, {'test_dataloader.dataset.size': 32, 'test_dataloader.dataset.length': 9}
    )
    return np.array(Image.open(write_montage(config, inferencer, out, **options)))


def test_each_cell_is_input_restoration_and_original(mean_colour, tmp_path):
    image = sheet(mean_colour, tmp_path / 'sheet.png', count=3, columns=2)
    assert image.shape == (2 * 40, 2 * (3 * 32 + 8), 3)
    masked_img, restored, original = np.split(image[4:36, 4:100].astype(int), 3, axis=1)
    hole = (masked_img == 127).all(-1)
    assert 0.02 < hole.mean() < 0.5
    assert np.array_equal(masked_img[~hole], original[~hole])
    assert np.array_equal(restored[~hole], original[~hole])
    assert len(np.unique(restored[hole], axis=0)) == 1, 'the mean colour'
    assert (image[40:, 104:] == 255).all(), 'nothing where there is no fourth'


def test_the_seed_says_which_images(mean_colour, tmp_path):
    first, again, other = (
        sheet(mean_colour, tmp_path / f'{number}.png', count=2, seed=seed)
        for number, seed in enumerate((0, 0, 1))
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize('count', [0, 10])
def test_no_more_images_than_there_are(mean_colour, tmp_path, count):
    with pytest.raises(ValueError, match=f'count={count}'):
        sheet(mean_colour, tmp_path / 'sheet.png', count=count)
