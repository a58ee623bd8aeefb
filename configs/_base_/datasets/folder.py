# d0: photographs of any folder. data_root holds train/, val/ and test/, or images that are split
# 80 : 10 : 10 (see InpaintingDataset). Evaluation masks are fixed by a seed.
data_root = 'data/photographs'
size = 256
train_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='InpaintingDataset',
        split='train',
        pipeline=[
            dict(type='LoadImage'),
            dict(type='RandomSquareCrop', size=size),
            dict(type='RandomFlip', prob=0.5),
            dict(type='RandomRectangleMask'),
            dict(type='PackInpaintingInputs'),
        ]),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='InpaintingDataset',
        split='val',
        test_mode=True,
        pipeline=[
            dict(type='LoadImage'),
            dict(type='CenterSquareCrop', size=size),
            dict(type='RandomRectangleMask', seed=1),
            dict(type='PackInpaintingInputs'),
        ]),
)
test_dataloader = dict(
    batch_size=16,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='InpaintingDataset',
        split='test',
        test_mode=True,
        pipeline=[
            dict(type='LoadImage'),
            dict(type='CenterSquareCrop', size=size),
            dict(type='RandomRectangleMask', seed=2),
            dict(type='PackInpaintingInputs'),
        ]),
)
val_evaluator = dict(type='PixelMetrics')
test_evaluator = val_evaluator
