# d1 and d2: photographs of any folder, labelled with their colour terms (see LabelColours). The
# labels are those of the whole image; three of four training images then get a hole.
data_root = 'data/photographs'
size = 256
train_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        type='boostgan.InpaintingDataset',
        split='train',
        pipeline=[
            dict(type='boostgan.LoadImage'),
            dict(type='boostgan.RandomSquareCrop', size=size),
            dict(type='RandomFlip', prob=0.5),
            dict(type='boostgan.LabelColours'),
            dict(type='boostgan.RandomRectangleMask', probability=0.75),
            dict(type='boostgan.EraseHole'),
        ]),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.InpaintingDataset',
        split='val',
        test_mode=True,
        pipeline=[
            dict(type='boostgan.LoadImage'),
            dict(type='boostgan.CenterSquareCrop', size=size),
            dict(type='boostgan.LabelColours'),
            dict(type='boostgan.RandomRectangleMask', seed=1),
            dict(type='boostgan.EraseHole'),
        ]),
)
test_dataloader = dict(
    batch_size=16,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.InpaintingDataset',
        split='test',
        test_mode=True,
        pipeline=[
            dict(type='boostgan.LoadImage'),
            dict(type='boostgan.CenterSquareCrop', size=size),
            dict(type='boostgan.LabelColours'),
            dict(type='boostgan.RandomRectangleMask', seed=2),
            dict(type='boostgan.EraseHole'),
        ]),
)
