# Images and labels of your own: --cfg-options data_root=FOLDER (docs/own_data.md). What stands in
# braces comes from the folder; size and iters may be given.
_base_ = [
    '_base_/models/boostgan_64px.py',
    '_base_/schedules/inpainting_cpu.py',
    '_base_/runtime.py',
]
data_root = 'data/own'
size = '{size}'
iters = '{iters}'
inference = dict(image_size=size, context=2.5)
model = dict(
    generator=dict(downsample_factor='{downsample_factor}'),
    discriminator=dict(
        _delete_=True,
        type='SharedTrunkDiscriminator',
        image_size=size,
        base_channels=32,
        max_channels=128,
        hidden_features=128,
        attribute=dict(),
        segmentation=dict(segmentation_encoding='one_hot'),
    ),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_own.py',
        checkpoint='work_dirs/attribute_own',
        attributes='{attributes}',
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_own.py',
        checkpoint='work_dirs/segmentation_own',
        classes='{regions}',
    ),
)
choices = dict(_delete_=True)
# Nothing is mirrored: left and right may have names.
cut = dict(type='LoadCrop', crop=dict(type='RandomSquareCrop', size=size, scale=(0.85, 1.0)))
fit = dict(type='LoadCrop', crop=dict(type='CenterSquareCrop', size=size))
hole = dict(type='RandomRectangleMask')
pack = dict(type='PackInpaintingInputs')
train_pipeline = [cut, hole, pack]
val_pipeline = [fit, dict(hole, seed=1), pack]
test_pipeline = [fit, dict(hole, seed=2), pack]
train_dataloader = dict(
    batch_size=8,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='SeededInfiniteSampler', shuffle=True),
    dataset=dict(type='LabelledImages', split='train', pipeline=train_pipeline),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='LabelledImages', split='val', test_mode=True, pipeline=val_pipeline),
)
test_dataloader = dict(
    batch_size=16,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='LabelledImages', split='test', test_mode=True, pipeline=test_pipeline),
)
val_evaluator = dict(type='PixelMetrics')
test_evaluator = val_evaluator
train_cfg = dict(max_iters=iters, val_interval=1000)
