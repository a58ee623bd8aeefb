"""Four faces are learned by heart, with the whole loss.

So few and small that seconds are enough; a loss that leads elsewhere, or a gradient that does not
arrive, still leaves the hole at less than 15 dB.
"""

import pytest

from boostgan_plugin.evaluation.pixel_metrics import pixel_errors
from boostgan_plugin.registry import DATASETS, MODELS
from tests.conftest import SIZE
from tests.models.inpainters.baselines import BASELINES, baseline_config, optimizers

FACES = 4
STEPS = dict(ContextEncoder=60, GlobalLocal=100, PartialConv=100, ContextualAttention=200)
#: Wide enough to hold the faces.
WIDER = dict(
    ContextEncoder=dict(base_channels=32, max_channels=128),
    GlobalLocal=dict(base_channels=16),
    PartialConv=dict(levels=4, base_channels=32, max_channels=64),
    ContextualAttention=dict(base_channels=12),
)
CHANGES = dict(
    GlobalLocal=dict(
        phases=[
            dict(name='generator', updates=['generator'], steps=50),
            dict(name='discriminator', updates=['discriminator'], steps=15),
            dict(name='joint'),
        ]
    ),
    # With the paper's weights, style would be learned long before pixels.
    PartialConv=dict(weights=dict(perceptual=0.001, style=0.1)),
)


def learned_psnr(config: dict, steps: int) -> tuple[float, float]:
    """In the hole, before and after."""
    model = MODELS.build(config)
    faces = DATASETS.build(
        dict(
            type='RenderedFaces',
            split='d0',
            length=FACES,
            size=SIZE,
            pipeline=[dict(type='RandomRectangleMask', seed=0), dict(type='PackInpaintingInputs')],
        )
    )
    samples = [faces[i] for i in range(FACES)]

    def batch():
        return {key: [sample[key] for sample in samples] for key in samples[0]}

    def psnr():
        restored = model.eval().test_step(batch())
        values = [pixel_errors(s.restored, s.target, s.mask)['psnr_hole'] for s in restored]
        return sum(values) / len(values)

    before = psnr()
    model.train()
    wrapper = optimizers(model, lr=1e-3)
    for step in range(steps):
        for group in wrapper['generator'].optimizer.param_groups:
            group['lr'] = 1e-3 * (1 - step / steps)
        model.train_step(batch(), wrapper)
    return before, psnr()


@pytest.mark.slow
@pytest.mark.parametrize('name', BASELINES)
def test_baselines(name):
    config = baseline_config(name)
    config.generator.update(WIDER[name])
    config.update(CHANGES.get(name, {}))
    before, after = learned_psnr(config, STEPS[name])
    assert before < 15
    assert after > 25


@pytest.mark.slow
def test_boostgan(boostgan_config):
    boostgan_config.generator.update(base_channels=32, max_channels=128)
    before, after = learned_psnr(boostgan_config, 250)
    assert before < 15
    assert after > 30
