# Table III as in the paper: queries of a retrieval benchmark at 256 px with a hole of 128 px in the
# middle, DF.FC2 of VGG-16 (torchvision's ImageNet weights, as a file).
_base_ = ['./table3.py', './folder.py', '../runtime.py']
resize = dict(type='Resize', scale=(256, 256), keep_ratio=False)
methods = [
    dict(name='Masked', model=dict(type='TrainingFree', generator=dict(type='LeaveHole'))),
    dict(name='Telea', model=dict(type='TrainingFree', generator=dict(type='Telea'))),
    *_base_.systems,
]
test_dataloader = dict(
    batch_size=16,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='RetrievalImages',
        role='query',
        pipeline=[dict(type='LoadImage'), resize, dict(type='CenterMask', side=0.5),
                  dict(type='PackInpaintingInputs')]))
test_evaluator = dict(
    type='RetrievalMAP',
    features=dict(type='VGG16Features', checkpoint='data/vgg16.pth'),
    gallery=dict(
        type='RetrievalImages', role='gallery', pipeline=[dict(type='LoadImage'), resize]),
    top_k=10)
test_cfg = dict()
notes = ['Ground truth of a query: what the original query returns first, 10 images.']
