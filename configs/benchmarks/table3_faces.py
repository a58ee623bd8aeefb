# Table III on rendered faces: queries of the test split with a hole in the middle, a gallery of
# faces that no system has seen.
_base_ = ['../_base_/benchmarks.py', '../_base_/datasets/faces.py', '../_base_/runtime.py']
title = _base_.table3.title
columns = _base_.table3.columns
paper = _base_.table3.paper
methods = [*_base_.of_retrieval, *_base_.faces_systems]
test_pipeline = [dict(type='CenterMask', side=0.5), dict(type='PackInpaintingInputs')]
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
test_evaluator = dict(
    type='RetrievalMAP',
    features=dict(type='EfficientNetLiteFeatures', size=64),
    gallery=dict(type='RenderedFaces', split='val', length=2000, size=64),
    top_k=10,
)
test_cfg = dict()
notes = [
    'Features: EfficientNet-lite0 (ImageNet), mean of the last map, 64 px, Euclidean distance; '
    'VGG-16, the network of DF.FC2, cannot be had without a download. Ground truth of a query: '
    'the 10 nearest of 2000 gallery faces to the original.',
    'The perceptual terms of PConv come from the same network, which favours PConv.',
]
