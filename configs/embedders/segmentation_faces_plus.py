# Ws of boostgan_plus_faces.py: completes the hole's layout, trained for as long as a generator.
_base_ = [
    '../_base_/models/segmentation_completer.py', '../_base_/datasets/faces_parts.py',
    '../_base_/schedules/embedder_cpu.py', '../_base_/runtime.py'
]
default_scope = 'mmseg'
iters = 12_000
warm_up = 200
train_dataloader = dict(batch_size=16, dataset=dict(length=60_000))
_base_.train_dataloader.dataset.pipeline[0].probability = 0.9
# What counts is the hole.
for loader in (_base_.val_dataloader, _base_.test_dataloader):
    loader.dataset.pipeline.insert(1, dict(type='boostgan.IgnoreKnownLabels'))
del loader
train_cfg = dict(max_iters=iters, val_interval=2000)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
_base_.param_scheduler[0].end = warm_up
_base_.param_scheduler[1].begin = warm_up
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='EMAHook', ema_type='ExponentialMovingAverage', momentum=0.002, update_buffers=True),
]
