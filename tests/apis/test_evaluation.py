"""A test is done once, and again when anything it depends on has changed."""

from pathlib import Path

import cv2
from mmengine.config import Config
import numpy as np
import pytest
import torch

from boostgan_plugin.apis import load_config
from boostgan_plugin.apis.evaluation import evaluate
from boostgan_plugin.datasets import InpaintingDataset
from boostgan_plugin.registry import DATASETS
from tests.conftest import CLASSIFIER, ROOT, SIZE

TELEA = dict(type='TrainingFree', generator=dict(type='Telea'))


def noise(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    cv2.imwrite(str(path), rng.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8))


@pytest.fixture
def config(tmp_path) -> Config:
    """Two images in a folder."""
    for index in range(2):
        noise(tmp_path / f'data/test/{index}.png', index)
    config = load_config(
        ROOT / 'configs/boostgan_folder_64px.py', dict(data_root=str(tmp_path / 'data'))
    )
    config.test_dataloader.update(batch_size=2, num_workers=0)
    config.test_dataloader.dataset.pipeline[0].crop.size = SIZE
    return config


@pytest.fixture
def measure(config, tmp_path):
    """Evaluates; tells whether that was done anew."""
    note = tmp_path / 'out/evaluated.txt'

    def measure(**kwargs) -> bool:
        before = note.stat().st_mtime_ns if note.is_file() else None
        evaluate(config, tmp_path / 'out', **{'model': TELEA, **kwargs})
        return note.stat().st_mtime_ns != before

    return measure


def test_what_comes_back_is_what_was_measured(config, tmp_path):
    first, again = (evaluate(config, tmp_path / 'out', TELEA) for _ in range(2))
    assert first.metrics == again.metrics and 'pixel/psnr_hole' in first.metrics
    assert len(first.samples) == 2
    for one, other in zip(first.samples, again.samples):
        assert one.restored.shape == (3, SIZE, SIZE)
        assert all(
            torch.equal(getattr(one, name), getattr(other, name))
            for name in ('restored', 'target', 'mask', 'output')
        )


def test_nothing_is_done_twice(measure):
    assert measure() and not measure()


def test_other_settings_are_tested_anew(measure, config):
    measure()
    config.test_dataloader.dataset.pipeline[-2].seed = 9
    assert measure()
    assert measure(model=dict(type='TrainingFree', generator=dict(type='MeanFill')))


def test_a_changed_image_is_tested_anew(measure, tmp_path):
    measure()
    cv2.imwrite(str(tmp_path / 'data/test/0.png'), np.zeros((SIZE + 1, SIZE, 3), np.uint8))
    assert measure()


@DATASETS.register_module()
class WithMasks(InpaintingDataset):
    """Each sample brings its own mask."""

    def get_data_info(self, idx: int) -> dict:
        info = super().get_data_info(idx)
        return dict(info, mask_path=info['img_path'].replace('data/test', 'masks'))


@pytest.mark.parametrize('own', [False, True])
@pytest.mark.parametrize('wrapped', [False, True])
def test_a_changed_mask_is_tested_anew(measure, config, tmp_path, own, wrapped):
    for index in range(2):
        noise(tmp_path / f'masks/{index}.png', index)
    dataset = config.test_dataloader.dataset
    load = dict(type='LoadMask', mask_root=None if own else str(tmp_path / 'masks'))
    dataset.pipeline = [dict(type='LoadImage'), load, dict(type='PackInpaintingInputs')]
    if own:
        dataset.type = 'WithMasks'
    if wrapped:
        config.test_dataloader.dataset = dict(type='SeededDatasetWrapper', dataset=dataset)
    assert measure() and not measure()
    noise(tmp_path / 'masks/1.png', 9)
    assert measure()


def test_a_changed_gallery_is_tested_anew(measure, config, tmp_path):
    for index in range(3):
        noise(tmp_path / f'gallery/{index}.png', index)
    config.test_evaluator = dict(
        type='RetrievalMAP',
        features=dict(type='EfficientNetLiteFeatures', size=SIZE),
        top_k=2,
        gallery=dict(
            type='InpaintingDataset',
            data_root=str(tmp_path / 'gallery'),
            pipeline=[dict(type='LoadImage')],
        ),
        cache=str(tmp_path / 'cache'),
    )
    assert measure() and not measure()
    noise(tmp_path / 'gallery/1.png', 9)
    assert measure()
    noise(tmp_path / 'gallery/3.png', 3)
    assert measure()


def test_data_sets_of_other_projects_are_followed(measure, config, tmp_path):
    noise(tmp_path / 'cats/0.png', 0)
    (tmp_path / 'list.txt').write_text('cats/0.png 0\n')
    config.test_dataloader.dataset = dict(
        type='mmpretrain.CustomDataset',
        data_root=str(tmp_path),
        ann_file='list.txt',
        data_prefix='',
        pipeline=[
            dict(type='LoadImage'),
            dict(type='CenterMask'),
            dict(type='PackInpaintingInputs'),
        ],
    )
    assert measure() and not measure()
    noise(tmp_path / 'cats/0.png', 1)
    assert measure()


def test_another_network_under_the_same_path_is_tested_anew(
    measure, boostgan, boostgan_config, tmp_path
):
    path = tmp_path / 'classifier.py'
    Config(dict(model=CLASSIFIER)).dump(path)
    torch.save(boostgan.state_dict(), tmp_path / 'weights.pth')
    boostgan_config.attribute_embedder.config = str(path)
    given = dict(model=boostgan_config, checkpoint=tmp_path / 'weights.pth')
    assert measure(**given) and not measure(**given)
    path.write_text(path.read_text().replace('mean=[', 'mean=[  '))
    assert not measure(**given)
    path.write_text(path.read_text().replace('120.0', '90.0'))
    assert measure(**given)


def test_a_changed_checkpoint_is_tested_anew(measure, config, boostgan, boostgan_config, tmp_path):
    path = tmp_path / 'weights.pth'
    torch.save(boostgan.state_dict(), path)
    given = dict(model=boostgan_config, checkpoint=path)
    assert measure(**given) and not measure(**given)
    torch.save(dict(state_dict=boostgan.state_dict()), path)
    assert measure(**given)


def test_a_test_that_breaks_off_leaves_nothing_to_be_taken_for_its_result(
    measure, config, tmp_path
):
    measure()
    pipeline = config.test_dataloader.dataset.pipeline
    pipeline[-2].seed = 9
    pipeline[0].crop.size = 10_000
    with pytest.raises(ValueError, match='smaller than the crop'):
        measure()
    assert not (tmp_path / 'out/evaluated.txt').exists()
