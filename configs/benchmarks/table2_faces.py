# Table II on rendered faces.
_base_ = [
    '../_base_/benchmarks/table2.py', '../_base_/datasets/faces.py', '../_base_/runtime.py'
]
configs = '{{ fileDirname }}/..'
names = _base_.names
methods = [
    dict(name=f'λa = {a}, λs = {s}',
         config=f'{configs}/ablations/faces_attribute_{names[a]}_segmentation_{names[s]}.py'
         if a != s else f'{configs}/boostgan_faces.py')
    for a, s in _base_.pairs
]
test_cfg = dict()
