# Table II on rendered faces, of BoostGAN+.
_base_ = [
    '../_base_/benchmarks/table2.py', '../_base_/datasets/faces.py', '../_base_/runtime.py'
]
methods = [
    dict(name=f'λa = {a}, λs = {s}', config='{{ fileDirname }}/../boostgan_plus_faces.py',
         options={'model.loss.lambda_attribute': a, 'model.loss.lambda_segmentation': s})
    for a, s in _base_.pairs
]
test_cfg = dict()
