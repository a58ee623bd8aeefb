# Wa of boostgan_own.py. Three of four training images get a hole; the labels stay whole.
_base_ = [
    '../_base_/models/attribute_resnet.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmpretrain'
data_root = 'data/own'
size = '{size}'
iters = '{attribute_iters}'
warm_up = '{attribute_warm_up}'
load = [dict(type='boostgan.LoadImage')]
cut = dict(type='boostgan.RandomSquareCrop', size=size, scale=(0.85, 1.0))
fit = dict(type='boostgan.CenterSquareCrop', size=size)
hole = dict(type='boostgan.RandomRectangleMask')
erased = [dict(type='boostgan.ApplyMask'), dict(type='PackInputs')]
train_pipeline = [*load, cut, dict(hole, probability=0.75), *erased]
val_pipeline = [*load, fit, dict(hole, seed=1), *erased]
test_pipeline = [*load, fit, dict(hole, seed=2), *erased]
images = dict(type='boostgan.LabelledImages', labels='attributes')
train_dataloader = dict(
    batch_size=16,
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
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
train_cfg = dict(max_iters=iters, val_interval=iters)
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
model = dict(
    data_preprocessor=dict(num_classes='{num_attributes}'),
    head=dict(num_classes='{num_attributes}'),
)
