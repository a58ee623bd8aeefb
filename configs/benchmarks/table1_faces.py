# Table I on rendered faces, with the semantic metrics beside the pixel ones.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/faces.py', '../_base_/runtime.py']
title = _base_.table1.title
paper = _base_.table1.paper
methods = [*_base_.classical, *_base_.faces_systems]
test_evaluator = [dict(type='PixelMetrics'), *_base_.faces_show]
columns = _base_.faces_columns
test_cfg = dict()
notes = [
    'All systems are trained on the same d0 with the same number of images; only the embedders of '
    'BoostGAN have seen the labelled sets d1 and d2, as in the paper. They are trained once, for '
    'all seeds.',
    'Every generator has half the width of its paper, for 64 px. Optimizer and schedule were '
    'chosen for BoostGAN and are the same for all; its generator is also built otherwise than GL '
    '(residual, no batch norm), so the difference between them is not that of semantics alone. '
    'PConv has its perceptual and style terms from EfficientNet-lite0, as VGG-16 cannot be had '
    'without a download.',
    'Attributes and regions are read by networks of their own, trained on whole images of a split '
    'that nothing else sees (another backbone than Wa, another width than Ws). "Kept": as read in '
    'the original; "true": as labelled. An attribute is in the hole when at least half of the '
    'region where it shows is.',
    'The Fréchet distance is of the network that the perceptual terms of PConv come from, which '
    'favours PConv.',
    _base_.detail_note,
]
