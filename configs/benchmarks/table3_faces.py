# Table III on rendered faces: queries of the test split with a hole in the middle, a gallery of
# faces that no system has seen.
_base_ = [
    '../_base_/benchmarks/table3.py', '../_base_/benchmarks/faces.py',
    '../_base_/datasets/faces.py', '../_base_/runtime.py'
]
methods = [
    dict(name='Masked', model=dict(type='TrainingFree', generator=dict(type='LeaveHole'))),
    dict(name='Telea', model=dict(type='TrainingFree', generator=dict(type='Telea'))),
    *_base_.systems,
]
_base_.test_dataloader.dataset.pipeline[0] = dict(type='CenterMask', side=0.5)
test_evaluator = dict(
    type='RetrievalMAP',
    features=dict(type='EfficientNetLiteFeatures', size=64),
    gallery=dict(type='RenderedFaces', split='val', length=2000, size=64),
    top_k=10)
test_cfg = dict()
notes = [
    'Features: EfficientNet-lite0 (ImageNet), mean of the last map, 64 px, Euclidean distance; '
    'VGG-16, the network of DF.FC2, cannot be had without a download. Ground truth of a query: '
    'the 10 nearest of 2000 gallery faces to the original.',
    'The perceptual terms of PConv come from the same network, which favours PConv.',
]
