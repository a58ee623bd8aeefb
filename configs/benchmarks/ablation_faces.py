# What each part of BoostGAN+ brings, on rendered faces: one part less a row.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/faces.py', '../_base_/runtime.py']
config = '{{ fileDirname }}/../boostgan_plus_faces.py'
parts = {
    'skips': {'model.generator.skips': False},
    'modulation': {'model.generator.modulation': False},
    'weight of the hole': {'model.loss.known': 1.0},
    'teacher forcing': {'model.teacher_forcing_prob': 0.0},
    'perceptual distance': {'model.perceptual': None},
    'feature matching': {'model.loss.feature_matching': 0.0},
    'attribute level': {'model.loss.lambda_attribute': 0.0},
    'segmentation level': {'model.loss.lambda_segmentation': 0.0},
    'adversarial terms': {'model.loss.beta': 0.0},
}
methods = [
    dict(name='BoostGAN+', config=config),
    *(
        dict(name=f'without {name}', config=config, options=options)
        for name, options in parts.items()
    ),
]
test_evaluator = [dict(type='PixelMetrics'), *_base_.faces_show]
columns = _base_.faces_columns
test_cfg = dict()
title = 'BoostGAN+, a part less'
notes = [
    'Each row is a training of its own, as long and on the same images as the first. Without '
    'modulation, attributes are concatenated at the lowest resolution and regions at the input, as '
    'in the paper.',
    _base_.detail_note,
]
