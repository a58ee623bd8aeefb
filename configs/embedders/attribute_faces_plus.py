# Wa of boostgan_plus_faces.py: trained for longer and on more faces than attribute_faces.py.
_base_ = './attribute_faces.py'
iters = 4000
warm_up = 200
train_dataloader = dict(dataset=dict(length=40_000))
choices = dict(_delete_=True)
train_cfg = dict(max_iters=iters, val_interval=2000)
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='EMAHook', ema_type='ExponentialMovingAverage', momentum=0.002, update_buffers=True),
]
