# d0: rendered faces without labels, holes as in the paper. Evaluation masks are fixed by a seed.
# Drawn once and kept, faces cost less here than they cost to be handed over by a worker.
size = 64
# A face is seen whole, as in training: a part of one is read wrongly.
inference = dict(image_size=size, context=8)
train_dataloader = dict(
    batch_size=8,
    num_workers=0,
    sampler=dict(type='boostgan.SeededInfiniteSampler', shuffle=True),
    dataset=dict(
        type='RenderedFaces',
        split='d0',
        length=6_000,
        keep=True,
        size=size,
        pipeline=[dict(type='RandomRectangleMask'), dict(type='PackInpaintingInputs')],
    ),
)
val_dataloader = dict(
    batch_size=25,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='RenderedFaces',
        split='val',
        length=100,
        size=size,
        labels=['attributes', 'parts'],
        test_mode=True,
        pipeline=[dict(type='RandomRectangleMask', seed=1), dict(type='PackInpaintingInputs')],
    ),
)
test_dataloader = dict(
    batch_size=25,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='RenderedFaces',
        split='test',
        length=500,
        size=size,
        labels=['attributes', 'parts'],
        test_mode=True,
        pipeline=[dict(type='RandomRectangleMask', seed=2), dict(type='PackInpaintingInputs')],
    ),
)
val_evaluator = dict(type='PixelMetrics')
test_evaluator = val_evaluator
