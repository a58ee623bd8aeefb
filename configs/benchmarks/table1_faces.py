# Table I on rendered faces, with the semantic metrics beside the pixel ones.
_base_ = [
    '../_base_/benchmarks/table1.py', '../_base_/benchmarks/classical.py',
    '../_base_/benchmarks/faces.py', '../_base_/datasets/faces.py', '../_base_/names/faces.py',
    '../_base_/runtime.py'
]
embedders = '{{ fileDirname }}/../embedders'
methods = [*_base_.classical, *_base_.systems]
test_evaluator = [
    dict(type='PixelMetrics'),
    dict(
        type='AttributeConsistency',
        judge=dict(
            type='AttributeEmbedder', config=f'{embedders}/attribute_faces_judge.py',
            checkpoint='work_dirs/attribute_faces_judge', attributes=_base_.attributes),
        regions=_base_.attribute_regions, classes=_base_.regions),
    dict(
        type='SegmentationConsistency',
        judge=dict(
            type='SegmentationEmbedder', config=f'{embedders}/segmentation_faces_judge.py',
            checkpoint='work_dirs/segmentation_faces_judge', classes=_base_.regions)),
    dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures', size=64)),
]
columns = {'What they show': [
    dict(key='attribute/agreement', title='attributes kept %', better='larger'),
    dict(key='attribute/agreement_hole', title='those in the hole %', better='larger'),
    dict(key='attribute/accuracy_hole', title='true in the hole %', better='larger'),
    dict(key='segmentation/mIoU_hole', title='hole mIoU kept %', better='larger'),
    dict(key='segmentation/mIoU_hole_true', title='hole mIoU true %', better='larger'),
    dict(key='frechet/distance', title='Fréchet distance (EfficientNet-lite0, 64 px)',
         better='smaller'),
]}
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
]
