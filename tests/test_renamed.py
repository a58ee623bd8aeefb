"""Old names go on working, and warn."""

from mmengine.config import ConfigDict
import pytest
import torch

from boostgan_plugin import datasets, engine, models, renamed
from boostgan_plugin.datasets.transforms import AttributePlanes
from boostgan_plugin.models.inpainters.base import InpaintingBatch
from boostgan_plugin.models.inpainters.boostgan import SemanticBatch
from boostgan_plugin.models.phases import resolve_ratios
from boostgan_plugin.models.semantics import SemanticOverride, Semantics
from boostgan_plugin.registry import (
    DATA_SAMPLERS,
    DATASETS,
    HOOKS,
    METRICS,
    MODELS,
    TRANSFORMS,
)

REGISTRIES = (DATA_SAMPLERS, DATASETS, HOOKS, METRICS, MODELS, TRANSFORMS)


# One is a base class of hooks, and not registered.
@pytest.mark.parametrize(
    'old, new', [pair for pair in renamed.CLASSES.items() if pair[0] != 'SampleKeeper']
)
def test_classes_are_found_by_their_old_names(old, new):
    for name in (old, f'boostgan.{old}'):
        with pytest.warns(DeprecationWarning, match=f'{old} is now called {new}'):
            found = [registry.get(name) for registry in REGISTRIES]
        assert [kind.__name__ for kind in found if kind is not None] == [new]


@pytest.mark.parametrize(
    'package', [datasets, datasets.transforms, engine, models, models.generators]
)
def test_packages_export_old_names(package):
    olds = [old for old, new in renamed.CLASSES.items() if new in package.__all__]
    assert olds
    for old in olds:
        with pytest.warns(DeprecationWarning, match=old):
            assert getattr(package, old) is getattr(package, renamed.CLASSES[old])
    with pytest.raises(AttributeError, match='has no attribute .Nothing'):
        _ = package.Nothing


def test_options_of_a_config():
    with pytest.warns(DeprecationWarning, match='AttributePlanes.*share is now called ratio'):
        assert TRANSFORMS.build(dict(type='AttributePlanes', share=0.25)).ratio == 0.25
    with pytest.warns(DeprecationWarning), pytest.raises(ValueError, match='ratio=2'):
        AttributePlanes(share=2)


def test_an_old_option_goes_before_the_one_of_a_base_config(boostgan_config):
    boostgan_config.update(told=0.25, teacher_forcing_prob=0.75, told_samples=0.5)
    with pytest.warns(DeprecationWarning, match='told is now called teacher_forcing_prob'):
        teacher_forcing = MODELS.build(boostgan_config).teller
    assert (teacher_forcing.prob, teacher_forcing.sample_prob) == (0.25, 0.5)


def test_entries_of_configs():
    phases = [ConfigDict(name='a', share=0.25), ConfigDict(name='b')]
    with pytest.warns(DeprecationWarning, match='phases: share is now called ratio'):
        resolve_ratios(phases, 8)
    assert phases == [dict(name='a', steps=2), dict(name='b')]


def test_a_training_of_before_is_the_same_in_the_present_words():
    before = dict(
        sampler=dict(type='boostgan.CountingSampler'),
        model=dict(told=0.5, type='X'),
        pipeline=[dict(type='EraseHole'), ('share', 1)],
    )
    assert renamed.same_words(before) == dict(
        sampler=dict(type='boostgan.SeededInfiniteSampler'),
        model=dict(teacher_forcing_prob=0.5, type='X'),
        pipeline=[dict(type='ApplyMask'), ['share', 1]],
    )


def test_batches(recwarn):
    image, mask = torch.rand(1, 3, 4, 4), torch.ones(1, 1, 4, 4)
    batch = InpaintingBatch(target=image, mask=mask, corrupted=0 * image)
    assert batch.gt_img is batch.target is image and batch.corrupted is batch.masked_img
    parts = [Semantics(torch.full((1, 2), value), mask.byte()) for value in (0.0, 0.5, 1.0)]
    batch = SemanticBatch(image, mask, image, **dict(zip(('read', 'given', 'true'), parts)))
    assert [batch.read, batch.given, batch.true] == parts
    assert [batch.pred_semantics, batch.cond_semantics, batch.gt_semantics] == parts
    assert {warning.category for warning in recwarn} == {DeprecationWarning}


def test_methods_and_their_arguments(boostgan):
    images, mask = torch.rand(1, 3, 32, 32), torch.ones(1, 1, 32, 32)
    override = SemanticOverride(torch.ones(1, 3), torch.full((1, 1, 32, 32), 2))
    boostgan.eval()
    with torch.no_grad():
        with pytest.warns(DeprecationWarning, match='BoostGAN.read is now'):
            pred = boostgan.read(images)
        with pytest.warns(DeprecationWarning, match='told is now called override'):
            _, batch = boostgan.restore(InpaintingBatch(images, mask, images), told=override)
    with pytest.warns(DeprecationWarning, match='SemanticOverride.over is now'):
        assert (override.over(pred).attributes == 1).all()
    assert (batch.cond_semantics.attributes == 1).all()
