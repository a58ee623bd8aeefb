# Ws of boostgan_own.py. Three of four training images get a hole; the labels stay whole.
_base_ = [
    '../_base_/models/segmentation_unet.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
data_root = 'data/own'
size = '{size}'
iters = '{region_iters}'
warm_up = '{region_warm_up}'
load = [dict(type='boostgan.LoadImage'), dict(type='LoadAnnotations')]
cut = dict(type='boostgan.RandomSquareCrop', size=size, scale=(0.85, 1.0))
fit = dict(type='boostgan.CenterSquareCrop', size=size)
hole = dict(type='boostgan.RandomRectangleMask')
erased = [dict(type='boostgan.ApplyMask'), dict(type='PackSegInputs')]
train_pipeline = [*load, cut, dict(hole, probability=0.75), *erased]
val_pipeline = [*load, fit, dict(hole, seed=1), *erased]
test_pipeline = [*load, fit, dict(hole, seed=2), *erased]
images = dict(type='boostgan.LabelledImages', labels='regions')
train_dataloader = dict(
    batch_size=8,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.SeededInfiniteSampler', shuffle=True),
    dataset=dict(images, split='train', pipeline=train_pipeline),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(images, split='val', test_mode=True, pipeline=val_pipeline),
)
test_dataloader = dict(
    batch_size=16,
    num_workers=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(images, split='test', test_mode=True, pipeline=test_pipeline),
)
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
train_cfg = dict(max_iters=iters, val_interval=iters)
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
model = dict(
    # All images of a batch are of one size.
    data_preprocessor=dict(size=None, size_divisor=1),
    decode_head=dict(num_classes='{num_regions}', loss_decode=dict(class_weight=None)),
)
