import json
from pathlib import Path
import subprocess

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
import pytest
import torch

from boostgan_plugin.apis import load_config, train
from boostgan_plugin.apis import test as run_test
from boostgan_plugin.apis.runs import is_finished, set_precision, training_name
from boostgan_plugin.registry import MODELS
from boostgan_plugin.resources import usable_cores
from tests.conftest import ROOT, save_empty

FACES = ROOT / 'configs/boostgan_faces.py'


def test_options_and_work_dir():
    config = load_config(FACES, {'model.loss.beta': 0.5})
    assert config.model.loss.beta == 0.5
    assert config.work_dir == 'work_dirs/boostgan_faces'
    assert load_config(FACES, work_dir='elsewhere').work_dir == 'elsewhere'
    with pytest.raises(FileNotFoundError, match='config nowhere.py does not exist'):
        load_config('nowhere.py')


def test_choices(tmp_path):
    path = tmp_path / 'config.py'
    path.write_text(
        "model = dict(a=1, b=dict(kind='x', width=3), c=1)\n"
        'choices = dict(size=dict(\n'
        "    small=dict(model=dict(a=2, b=dict(_delete_=True, kind='y'))),\n"
        '    large=dict(model=dict(a=9))))\n'
    )
    written = load_config(path)
    assert written.model == dict(a=1, b=dict(kind='x', width=3), c=1)
    assert 'choices' not in written and written.work_dir == 'work_dirs/config'
    small = load_config(path, {'size': 'small', 'model.c': 5})
    assert small.model == dict(a=2, b=dict(kind='y'), c=5) and 'size' not in small
    assert small.work_dir == 'work_dirs/config_small'
    assert training_name(path, {'size': 'large', 'model.c': 5}) == 'config_large'
    # What is said of an entry counts more than what is chosen.
    assert load_config(path, {'model.a': 7, 'size': 'large'}).model.a == 7
    with pytest.raises(ValueError, match='no size=huge; choose one of small, large'):
        load_config(path, {'size': 'huge'})


def test_a_warm_up_is_shorter_than_its_training():
    network = ROOT / 'configs/embedders/attribute_faces.py'
    for steps, warm_up in ((1500, 50), (60, 50), (50, 5), (20, 2), (4, 1)):
        linear, cosine = load_config(network, {'train_cfg.max_iters': steps}).param_scheduler
        assert (linear.end, cosine.begin) == (warm_up, warm_up)


def test_data_root_reaches_data_sets_without_their_own(tmp_path):
    path = tmp_path / 'config.py'
    path.write_text(
        "data_root = 'photos'\n"
        "a = dict(dataset=dict(type='InpaintingDataset'))\n"
        "b = [dict(type='boostgan.InpaintingDataset', data_root='mine')]\n"
        "c = dict(type='RenderedFaces')\n"
        "d = dict(dataset=dict(type='MultiLabelDataset', ann_file='labels.json'))\n"
    )
    config = load_config(path, {'data_root': 'others'})
    assert config.a.dataset.data_root == 'others'
    assert config.b[0].data_root == 'mine'
    assert 'data_root' not in config.c
    assert config.d.dataset.data_root == 'others'


def test_image_cache_reaches_what_loads_crops(tmp_path):
    folder = ROOT / 'configs/boostgan_folder_64px.py'

    def loading(config):
        return [
            config[f'{name}_dataloader'].dataset.pipeline[0] for name in ('train', 'val', 'test')
        ]

    assert not any('cache_dir' in load for load in loading(load_config(folder)))
    config = load_config(folder, {'image_cache': str(tmp_path)})
    assert [load.cache_dir for load in loading(config)] == [str(tmp_path)] * 3
    own = {'image_cache': str(tmp_path), 'val_dataloader.dataset.pipeline.0.cache_dir': 'mine'}
    assert loading(load_config(folder, own))[1].cache_dir == 'mine'


@pytest.mark.parametrize('cuda', [False, True])
def test_memory_is_pinned_where_it_helps(cuda, monkeypatch, tmp_path):
    class GivenError(Exception):
        """What the Runner is given."""

    def from_cfg(config):
        raise GivenError(config)

    monkeypatch.setattr(Runner, 'from_cfg', from_cfg)
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: cuda)
    config = load_config(
        ROOT / 'configs/boostgan_folder.py',
        {
            'train_dataloader.num_workers': 0,
            'data_check': None,
            'test_dataloader.pin_memory': False,
        },
        tmp_path,
    )
    with pytest.raises(GivenError) as error:
        train(config)
    given = error.value.args[0]
    assert 'pin_memory' not in given.train_dataloader  # Nobody but the training itself could do it.
    assert given.val_dataloader.get('pin_memory', False) is cuda
    assert given.test_dataloader.pin_memory is False
    assert 1 <= given.val_dataloader.num_workers <= usable_cores()


def test_set_precision():
    config = load_config(ROOT / 'configs/boostgan_folder.py')
    set_precision(config, 'bfloat16')
    assert {config.optim_wrapper[name].type for name in ('generator', 'discriminator')} == {
        'boostgan.AutocastOptimWrapper'
    }
    set_precision(config, 'float32')
    assert set(config.optim_wrapper.generator) == {'type', 'optimizer'}
    assert config.optim_wrapper.generator.type == 'OptimWrapper'
    single = Config(dict(optim_wrapper=dict(type='OptimWrapper', optimizer=dict(type='SGD'))))
    set_precision(single, 'bfloat16')
    assert single.optim_wrapper.type == 'boostgan.AutocastOptimWrapper'


@pytest.mark.skipif(torch.cuda.is_available(), reason='is an error without CUDA')
def test_float16_needs_cuda():
    with pytest.raises(ValueError, match='float16 needs CUDA; on CPU train in bfloat16'):
        set_precision(load_config(FACES), 'float16')


def test_float16_scales_the_loss(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    config = load_config(FACES)
    set_precision(config, 'float16')
    for name in ('generator', 'discriminator'):
        wrapper = config.optim_wrapper[name]
        assert wrapper.type == 'AmpOptimWrapper' and wrapper.loss_scale == 'dynamic'
        assert 'optimizer' in wrapper


def test_is_finished(tmp_path):
    config = Config(dict(work_dir=str(tmp_path), train_cfg=dict(max_iters=20)))
    assert not is_finished(config)
    save_empty(tmp_path / 'iter_10.pth')
    assert not is_finished(config)
    save_empty(tmp_path / 'iter_20.pth')
    assert is_finished(config)
    (tmp_path / 'iter_20.pth').write_bytes(b'')
    assert not is_finished(config)


@pytest.fixture
def telea_config(tmp_path):
    config = load_config(FACES, work_dir=tmp_path / 'work')
    config.model = dict(type='TrainingFree', generator=dict(type='Telea'))
    config.test_dataloader.update(num_workers=0, batch_size=2)
    config.test_dataloader.dataset.update(length=4, size=32)
    return config


def test_testing_writes_metrics_and_images(telea_config):
    metrics = run_test(telea_config, None)
    work = Path(telea_config.work_dir)
    assert json.loads((work / 'metrics.json').read_text()) == metrics
    assert 5 < metrics['pixel/psnr_hole'] < 40
    assert (work / 'samples/test.png').is_file()


def test_testing_a_model_that_has_weights_needs_a_checkpoint(telea_config, boostgan_config):
    telea_config.model = boostgan_config
    with pytest.raises(ValueError, match='BoostGAN has weights: give the checkpoint'):
        run_test(telea_config, None)


def test_testing_uses_the_given_weights_and_no_others(telea_config, boostgan_config, tmp_path):
    telea_config.model = boostgan_config
    model = MODELS.build(boostgan_config)
    torch.save(dict(state_dict=model.state_dict()), tmp_path / 'other.pth')
    with torch.no_grad():
        model.generator.to_image.bias.fill_(10)  # white
    torch.save(model.state_dict(), tmp_path / 'given.pth')  # weights alone
    telea_config.load_from = str(tmp_path / 'other.pth')
    seen = []

    class Look(Hook):
        def after_test_iter(self, runner, batch_idx, data_batch=None, outputs=None):
            seen.extend(sample.output for sample in outputs)

    run_test(telea_config, tmp_path / 'given.pth', [Look()])
    assert all((output == 255).all() for output in seen) and len(seen) == 4


def test_training_refuses_a_hostile_file(telea_config, tmp_path):
    torch.save(dict(state_dict={}, extra=subprocess.run), tmp_path / 'hostile.pth')
    telea_config.load_from = str(tmp_path / 'hostile.pth')
    with pytest.raises(ValueError, match='hostile.pth is broken or holds more than weights'):
        train(telea_config)


def test_testing_loads_weights_strictly(telea_config, boostgan_config, tmp_path):
    telea_config.model = boostgan_config
    torch.save(dict(state_dict={}), tmp_path / 'empty.pth')
    with pytest.raises(ValueError, match='empty.pth does not fit'):
        run_test(telea_config, tmp_path / 'empty.pth')


@pytest.mark.parametrize(
    'steps, scheduler',
    [
        (
            40,
            [
                dict(type='LinearLR', by_epoch=False, end=50),
                dict(type='CosineAnnealingLR', by_epoch=False, begin=50),
            ],
        ),
        (90, [dict(type='CosineAnnealingLR', by_epoch=False, begin=50, end=50)]),
        (40, dict(generator=[dict(type='CosineAnnealingLR', by_epoch=False, begin=50)])),
    ],
)
def test_a_schedule_that_is_longer_than_its_training(telea_config, steps, scheduler):
    telea_config.train_cfg.max_iters = steps
    telea_config.param_scheduler = scheduler
    with pytest.raises(
        ValueError,
        match='CosineAnnealingLR begins at iteration 50, but the '
        r'training \(train_cfg.max_iters\).*shorten the warm-up',
    ):
        train(telea_config)
