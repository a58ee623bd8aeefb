# d0: photographs of any folder, without labels, holes as in the paper. data_root holds train/, val/
# and test/, or images that are split about 80 : 10 : 10 (see InpaintingDataset). Evaluation masks
# are fixed by a seed.
data_root = 'data/photographs'
# A folder for the images as they are before the crop, much smaller than whole (docs/data.md).
image_cache = None
size = 256
# The paper's holes are 0.31 to 0.63 of the image's side.
inference = dict(image_size=size, context=2.5)
cut = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.RandomSquareCrop', size=size))
fit = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size))
flip = dict(type='RandomFlip', prob=0.5)
hole = dict(type='RandomRectangleMask')
pack = dict(type='PackInpaintingInputs')
train_pipeline = [cut, flip, hole, pack]
val_pipeline = [fit, dict(hole, seed=1), pack]
test_pipeline = [fit, dict(hole, seed=2), pack]
train_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.SeededInfiniteSampler', shuffle=True),
    dataset=dict(type='boostgan.InpaintingDataset', split='train', pipeline=train_pipeline),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.InpaintingDataset', split='val', test_mode=True, pipeline=val_pipeline
    ),
)
test_dataloader = dict(
    batch_size=16,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='boostgan.InpaintingDataset', split='test', test_mode=True, pipeline=test_pipeline
    ),
)
val_evaluator = dict(type='PixelMetrics')
test_evaluator = val_evaluator
