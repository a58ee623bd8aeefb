# Table II on rendered faces; of BoostGAN+: --cfg-options method=plus.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/faces.py', '../_base_/runtime.py']
title = _base_.table2.title
columns = _base_.table2.columns
paper = _base_.table2.paper
notes = _base_.table2.notes
config = f'{_base_.configs}/boostgan_faces.py'
plus = f'{_base_.configs}/boostgan_plus_faces.py'
names = {pair: 'λa = {}, λs = {}'.format(*pair) for pair in _base_.pairs}
lambdas = {
    pair: {'model.loss.lambda_attribute': pair[0], 'model.loss.lambda_segmentation': pair[1]}
    for pair in names
}
methods = [
    dict(name=name, config=config, options=lambdas[pair])
    if pair[0] != pair[1]
    else dict(name=name, config=config)
    for pair, name in names.items()
]
choices = dict(
    method=dict(
        plus=dict(
            methods=[
                dict(name=name, config=plus, options=lambdas[pair]) for pair, name in names.items()
            ],
            # Pixels say little of what judges do.
            columns={'_delete_': True, **_base_.faces_columns},
            notes=[*notes, _base_.detail_note],
            test_evaluator=[dict(type='PixelMetrics'), *_base_.faces_show],
        )
    )
)
test_cfg = dict()
