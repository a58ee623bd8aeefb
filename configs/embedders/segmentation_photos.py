# Ws of boostgan_plus_photos.py, which it serves at half its 256 px: completes a hole's colours.
_base_ = [
    '../_base_/models/segmentation_completer.py', '../_base_/datasets/folder_regions.py',
    '../_base_/datasets/photographs_varied.py', '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py'
]
default_scope = 'mmseg'
data_root = 'data/photographs_open'
iters = 2000
warm_up = 100
_base_.load.crop.size = 128
_base_.train_dataloader.dataset.pipeline[0] = _base_.load
_base_.train_dataloader.dataset.pipeline[2:2] = [_base_.tone]
_base_.train_dataloader.dataset.pipeline[4] = _base_.holes
# What counts is the hole.
for loader in (_base_.val_dataloader, _base_.test_dataloader):
    loader.dataset.pipeline[0].crop.size = 128
    loader.dataset.pipeline.insert(3, dict(type='boostgan.IgnoreKnownLabels'))
del loader
train_dataloader = dict(batch_size=32, num_workers=6)
val_dataloader = dict(num_workers=1)
test_dataloader = dict(num_workers=1)
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
_base_.param_scheduler[0].end = warm_up
_base_.param_scheduler[1].begin = warm_up
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='EMAHook', ema_type='ExponentialMovingAverage', momentum=0.005, update_buffers=True),
]
# By the root of how rare each colour is.
class_weight = [1.2, 0.7, 1.3, 3.2, 3.5, 2.7, 1, 1, 5.7, 3.3, 0.8]
model = dict(
    data_preprocessor=dict(size=(128, 128)),
    decode_head=dict(
        num_classes=len(_base_.regions),
        loss_decode=[
            dict(type='CrossEntropyLoss', loss_weight=1.0, class_weight=class_weight),
            dict(type='DiceLoss', loss_weight=0.5),
        ]))
