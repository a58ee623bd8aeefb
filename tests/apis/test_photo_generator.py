import numpy as np

from boostgan_plugin.apis import InpaintingInferencer
from boostgan_plugin.apis.photo_generator import AsPhotograph  # noqa: F401
from boostgan_plugin.registry import MODELS
from tests.conftest import make_batch


def test_a_row_of_a_table_is_what_the_inferencer_gives():
    options = dict(model='telea', detail='patches')
    model = MODELS.build(dict(type='TrainingFree', generator=dict(type='AsPhotograph', **options)))
    data = make_batch(2, 96, 80)
    images = [image.flip(0).permute(1, 2, 0).numpy().copy() for image in data['inputs']]
    for image, sample in zip(images, model.test_step(data), strict=True):
        hole = sample.mask[0].numpy() > 0
        image[hole] = 128  # What a generator gets to see there.
        (expected,) = InpaintingInferencer(**options, device='cpu')(image, hole)['predictions']
        restored = sample.restored.permute(1, 2, 0).numpy()
        assert np.array_equal(restored[hole], expected[hole])
        assert np.array_equal(restored[~hole], image[~hole])
