# For two CPU cores: a higher and faster decaying rate.
_base_ = './embedder.py'
iters = 1500
warm_up = 50
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(optimizer=dict(lr=3e-3))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
