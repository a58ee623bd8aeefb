# Table II on rendered faces.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/faces.py', '../_base_/runtime.py']
title = _base_.table2.title
columns = _base_.table2.columns
paper = _base_.table2.paper
notes = _base_.table2.notes
config = f'{_base_.configs}/boostgan_faces.py'
methods = [
    dict(
        name=f'λa = {a}, λs = {s}',
        config=config,
        options={'model.loss.lambda_attribute': a, 'model.loss.lambda_segmentation': s},
    )
    if a != s
    else dict(name=f'λa = {a}, λs = {s}', config=config)
    for a, s in _base_.pairs
]
test_cfg = dict()
