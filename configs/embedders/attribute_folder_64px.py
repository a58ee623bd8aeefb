# 64 px and a schedule for two CPU cores.
_base_ = './attribute_folder.py'
iters = 1500
warm_up = 50
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(type='boostgan.AutocastOptimWrapper')
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up, T_max=iters - warm_up),
]
_base_.train_dataloader.dataset.pipeline[1].size = 64
_base_.val_dataloader.dataset.pipeline[1].size = 64
_base_.test_dataloader.dataset.pipeline[1].size = 64
train_dataloader = dict(num_workers=1)
val_dataloader = dict(num_workers=1)
test_dataloader = dict(num_workers=1)
model = dict(backbone=dict(stem_channels=32, base_channels=32), head=dict(in_channels=256))
