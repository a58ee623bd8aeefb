# Ws of boostgan_plus_faces.py: completes the hole's layout, trained for as long as a generator.
_base_ = [
    '../_base_/models/segmentation_completer.py',
    '../_base_/datasets/faces_labelled.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
iters = 12_000
warm_up = 200
pack = dict(type='PackSegInputs')
labels = ['parts']
# What counts is the hole.
ignore = dict(type='boostgan.IgnoreKnownLabels')
often = dict(_base_.hole, probability=0.9)
always = dict(_base_.hole, probability=1)
train_pipeline = [often, _base_.erase, pack]
val_pipeline = [dict(always, seed=1), ignore, _base_.erase, pack]
test_pipeline = [dict(always, seed=2), ignore, _base_.erase, pack]
train_dataloader = dict(
    batch_size=16, dataset=dict(split='d2', length=60_000, labels=labels, pipeline=train_pipeline)
)
val_dataloader = dict(dataset=dict(labels=labels, pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(labels=labels, pipeline=test_pipeline))
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
train_cfg = dict(max_iters=iters, val_interval=2000)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='EMAHook', ema_type='ExponentialMovingAverage', momentum=0.002, update_buffers=True),
]
