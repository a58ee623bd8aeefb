# Photographs as they are restored in use: 512 px, three boxes as one might draw around a thing for
# each photograph.
_base_ = ['../_base_/benchmarks.py', '../_base_/runtime.py']
data_root = 'data/photographs'
size = 512
sides = (64 / 512, 128 / 512)
test_dataloader = dict(
    batch_size=1,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='ConcatDataset',
        datasets=[
            dict(
                type='boostgan.InpaintingDataset',
                data_root=data_root,
                split='test',
                test_mode=True,
                pipeline=[
                    dict(
                        type='boostgan.LoadCrop',
                        crop=dict(type='boostgan.CenterSquareCrop', size=size),
                    ),
                    dict(type='RandomRectangleMask', sides=sides, seed=seed),
                    dict(type='PackInpaintingInputs'),
                ],
            )
            for seed in (1, 2, 3)
        ],
    ),
)
rows = {
    'Telea': dict(model='telea'),
    'Navier-Stokes': dict(model='navier-stokes'),
    'PatchMatch': dict(model='patchmatch'),
    'Membrane': dict(model='harmonic'),
    'Patches': dict(model='patches'),
    'BoostGAN+': dict(model='photos', detail='off'),
    'BoostGAN+, patches': dict(model='photos', guided=False),
    'BoostGAN+, patches by regions': dict(model='photos'),
}
methods = [
    dict(name=name, model=dict(type='TrainingFree', generator=dict(type='AsPhotograph', **options)))
    for name, options in rows.items()
]
# Neither BoostGAN+ nor its embedders have learned from this network.
perceptual = dict(type='PerceptualDistance', features=dict(type='EfficientNetLiteFeatures'))
test_evaluator = [dict(type='PixelMetrics'), _base_.detail, perceptual]
columns = {
    **_base_.pixel_columns,
    'What they show': [
        dict(
            key='perceptual/distance_hole',
            title='perceptual distance (EfficientNet-lite0)',
            better='smaller',
        ),
        *_base_.detail_columns,
    ],
}
test_cfg = dict()
title = 'Photographs as they are restored in use'
notes = [
    'Each row restores whole photographs through the inferencer, a window around the hole at its '
    'own scale. Patches: the hole is remade of known patches of the photograph, guided by what was '
    'restored; by regions: those that Ws reads decide where a patch may come from. BoostGAN+ are '
    'the weights `photos` of the package.',
    _base_.detail_note,
]
