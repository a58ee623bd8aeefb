# Photographs of any folder. data_root holds train/, val/ and test/, or images that are split
# about 80 : 10 : 10 (see InpaintingDataset).
data_root = 'data/photographs'
# A folder for the images as they are before the crop, much smaller than whole (docs/data.md).
image_cache = None
size = 256
train_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.CountingSampler', shuffle=True),
    dataset=dict(
        type='boostgan.InpaintingDataset',
        split='train',
        pipeline=[
            dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.RandomSquareCrop', size=size)),
            dict(type='RandomFlip', prob=0.5),
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
            dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size)),
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
            dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size)),
        ]),
)
