# Table I on CelebA-HQ, 256 px, as in the paper.
_base_ = [
    '../_base_/benchmarks/table1.py', '../_base_/benchmarks/classical.py',
    '../_base_/benchmarks/photographs_shown.py', '../_base_/benchmarks/celebahq.py',
    '../_base_/datasets/celebahq.py', '../_base_/runtime.py'
]
methods = [*_base_.classical, *_base_.systems]
test_evaluator = [dict(type='PixelMetrics'), *_base_.shown]
columns = {'What they show': _base_.what_they_show}
test_cfg = dict()
notes = [
    'All systems are trained on the same images, as many of them; Wa and Ws on labelled sets of '
    'their own.',
    'PConv has its perceptual and style terms from EfficientNet-lite0.',
    _base_.detail_note,
]
