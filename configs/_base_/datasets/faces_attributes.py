# d1: rendered faces with attribute labels, for mmpretrain. Three of four images have a hole, as
# the classifier will read both corrupted and whole images.
size = 64
train_dataloader = dict(
    batch_size=32,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='boostgan.RenderedFaces',
        split='d1',
        length=6_000,
        keep=True,
        size=size,
        labels=['attributes'],
        pipeline=[
            dict(type='boostgan.RandomRectangleMask', probability=0.75),
            dict(type='boostgan.EraseHole'),
            dict(type='PackInputs'),
        ]),
)
val_dataloader = dict(
    batch_size=50,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.RenderedFaces',
        split='val',
        length=500,
        size=size,
        labels=['attributes'],
        test_mode=True,
        pipeline=[
            dict(type='boostgan.RandomRectangleMask', probability=1, seed=1),
            dict(type='boostgan.EraseHole'),
            dict(type='PackInputs'),
        ]),
)
test_dataloader = dict(
    batch_size=50,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.RenderedFaces',
        split='test',
        length=1000,
        size=size,
        labels=['attributes'],
        test_mode=True,
        pipeline=[
            dict(type='boostgan.RandomRectangleMask', probability=1, seed=2),
            dict(type='boostgan.EraseHole'),
            dict(type='PackInputs'),
        ]),
)
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
