# d2: rendered faces with part labels, for mmseg. Three of four images have a hole, as the
# segmentor will read both corrupted and whole images.
size = 64
train_dataloader = dict(
    batch_size=8,
    num_workers=1,
    persistent_workers=True,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='boostgan.RenderedFaces',
        split='d2',
        length=6_000,
        keep=True,
        size=size,
        labels=['parts'],
        pipeline=[
            dict(type='boostgan.RandomRectangleMask', probability=0.75),
            dict(type='boostgan.EraseHole'),
            dict(type='PackSegInputs'),
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
        labels=['parts'],
        test_mode=True,
        pipeline=[
            dict(type='boostgan.RandomRectangleMask', probability=1, seed=1),
            dict(type='boostgan.EraseHole'),
            dict(type='PackSegInputs'),
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
        labels=['parts'],
        test_mode=True,
        pipeline=[
            dict(type='boostgan.RandomRectangleMask', probability=1, seed=2),
            dict(type='boostgan.EraseHole'),
            dict(type='PackSegInputs'),
        ]),
)
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
