# Table III as in the paper: queries of a retrieval benchmark at 256 px with a hole of 128 px in the
# middle, DF.FC2 of VGG-16 (torchvision's ImageNet weights, as a file). The systems are those of
# table1_256px.py on a folder. --cfg-options queries=paris, oxford or caltech256.
_base_ = ['../_base_/benchmarks.py', '../_base_/runtime.py']
title = _base_.table3.title
columns = _base_.table3.columns
paper = _base_.table3.paper
methods = [*_base_.of_retrieval, *_base_.folder_systems]
resize = dict(type='Resize', scale=(256, 256), keep_ratio=False)
paris = dict(data_root='data/paris', layout='buildings')
oxford = dict(data_root='data/oxford', layout='buildings')
caltech256 = dict(data_root='data/caltech256', layout='categories')
test_dataloader = dict(
    batch_size=16,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='RetrievalImages',
        role='query',
        pipeline=[
            dict(type='LoadImage'),
            resize,
            dict(type='CenterMask', side=0.5),
            dict(type='PackInpaintingInputs'),
        ],
        **paris,
    ),
)
test_evaluator = dict(
    type='RetrievalMAP',
    features=dict(type='VGG16Features', checkpoint='data/vgg16.pth'),
    gallery=dict(
        type='RetrievalImages', role='gallery', pipeline=[dict(type='LoadImage'), resize], **paris
    ),
    top_k=10,
)
test_cfg = dict()
notes = ['Ground truth of a query: what the original query returns first, 10 images.']
choices = dict(
    queries=dict(
        paris=dict(),
        oxford=dict(test_dataloader=dict(dataset=oxford), test_evaluator=dict(gallery=oxford)),
        caltech256=dict(
            test_dataloader=dict(dataset=caltech256), test_evaluator=dict(gallery=caltech256)
        ),
    )
)
