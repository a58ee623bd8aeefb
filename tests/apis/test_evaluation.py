"""A test is done once, and again when anything it depends on has changed."""

import cv2
from mmengine.config import Config
import numpy as np
import pytest
import torch

from boostgan_plugin.apis import load_config
from boostgan_plugin.apis.evaluation import evaluate
from tests.conftest import ROOT, SIZE

TELEA = dict(type='TrainingFree', generator=dict(type='Telea'))


@pytest.fixture
def config(tmp_path) -> Config:
    """Two pictures in a folder."""
    for index in range(2):
        picture = np.random.default_rng(index).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
        (tmp_path / 'data/test').mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(tmp_path / f'data/test/{index}.png'), picture)
    config = load_config(ROOT / 'configs/boostgan_folder_64px.py',
                         dict(data_root=str(tmp_path / 'data')))
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
        assert all(torch.equal(getattr(one, name), getattr(other, name))
                   for name in ('restored', 'target', 'mask', 'output'))


def test_nothing_is_done_twice(measure):
    assert measure() and not measure()


def test_other_settings_are_tested_anew(measure, config):
    measure()
    config.test_dataloader.dataset.pipeline[-2].seed = 9
    assert measure()
    assert measure(model=dict(type='TrainingFree', generator=dict(type='MeanColour')))


def test_a_changed_picture_is_tested_anew(measure, tmp_path):
    measure()
    cv2.imwrite(str(tmp_path / 'data/test/0.png'), np.zeros((SIZE + 1, SIZE, 3), np.uint8))
    assert measure()


def test_a_changed_checkpoint_is_tested_anew(measure, config, boostgan, boostgan_config, tmp_path):
    path = tmp_path / 'weights.pth'
    torch.save(boostgan.state_dict(), path)
    given = dict(model=boostgan_config, checkpoint=path)
    assert measure(**given) and not measure(**given)
    torch.save(dict(state_dict=boostgan.state_dict()), path)
    assert measure(**given)


def test_a_test_that_breaks_off_leaves_nothing_to_be_taken_for_its_result(
        measure, config, tmp_path):
    measure()
    pipeline = config.test_dataloader.dataset.pipeline
    pipeline[-2].seed = 9
    pipeline[0].crop.size = 10_000
    with pytest.raises(ValueError, match='smaller than the crop'):
        measure()
    assert not (tmp_path / 'out/evaluated.txt').exists()
