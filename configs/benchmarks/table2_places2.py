# Table II on Places2, 256 px, as in the paper.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/paper_data.py', '../_base_/runtime.py']
title = _base_.table2.title
columns = _base_.table2.columns
paper = _base_.table2.paper
notes = _base_.table2.notes
data_root = _base_.places2.data_root
train_dataloader = _base_.places2.train_dataloader
val_dataloader = _base_.places2.val_dataloader
test_dataloader = _base_.places2.test_dataloader
config = f'{_base_.configs}/boostgan_places2.py'
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
