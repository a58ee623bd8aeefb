# Ws of boostgan_plus_photos.py, which it serves at half its 256 px: completes a hole's colours.
_base_ = [
    '../_base_/models/segmentation_completer.py',
    '../_base_/datasets/folder_regions.py',
    '../_base_/datasets/photographs_varied.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
data_root = 'data/photographs_open'
iters = 2000
warm_up = 100
size = 128
load = dict(_base_.load, crop=dict(_base_.load.crop, size=size))
fit = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size))
labelled = [_base_.erase, _base_.pack]
train_pipeline = [load, _base_.flip, _base_.tone, _base_.label, _base_.holes, *labelled]
# What counts is the hole.
ignore = dict(type='boostgan.IgnoreKnownLabels')
val_pipeline = [fit, _base_.label, dict(_base_.mask, seed=1), ignore, *labelled]
test_pipeline = [fit, _base_.label, dict(_base_.mask, seed=2), ignore, *labelled]
train_dataloader = dict(batch_size=32, num_workers=6, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(num_workers=1, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(num_workers=1, dataset=dict(pipeline=test_pipeline))
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='EMAHook', ema_type='ExponentialMovingAverage', momentum=0.005, update_buffers=True),
]
# By the root of how rare each colour is.
class_weight = [1.2, 0.7, 1.3, 3.2, 3.5, 2.7, 1, 1, 5.7, 3.3, 0.8]
model = dict(
    data_preprocessor=dict(size=(size, size)),
    decode_head=dict(
        num_classes=len(_base_.regions),
        loss_decode=[
            dict(type='CrossEntropyLoss', loss_weight=1.0, class_weight=class_weight),
            dict(type='DiceLoss', loss_weight=0.5),
        ],
    ),
)
