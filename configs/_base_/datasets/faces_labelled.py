# Rendered faces with labels, for the embedders. Three of four training images get a hole, as Wa and
# Ws will read both corrupted and whole images; the labels stay whole. A config that builds on this
# says which labels, and packs them. No workers: see faces.py.
size = 64
hole = dict(type='boostgan.RandomRectangleMask')
erase = dict(type='boostgan.ApplyMask')
train_pipeline = [dict(hole, probability=0.75), erase]
val_pipeline = [dict(hole, probability=1, seed=1), erase]
test_pipeline = [dict(hole, probability=1, seed=2), erase]
train_dataloader = dict(
    num_workers=0,
    sampler=dict(type='boostgan.SeededInfiniteSampler', shuffle=True),
    dataset=dict(type='boostgan.RenderedFaces', length=6_000, keep=True, size=size),
)
val_dataloader = dict(
    batch_size=50,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='boostgan.RenderedFaces', split='val', length=500, size=size, test_mode=True),
)
test_dataloader = dict(
    batch_size=50,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.RenderedFaces', split='test', length=1000, size=size, test_mode=True
    ),
)
