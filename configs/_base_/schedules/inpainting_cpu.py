# For two CPU cores: a higher and faster decaying rate, a shorter average.
_base_ = './inpainting.py'
iters = 2000
train_cfg = dict(max_iters=iters, val_interval=1000)
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=1e-3)), discriminator=dict(optimizer=dict(lr=5e-5))
)
param_scheduler = [dict(type='CosineAnnealingLR', by_epoch=False, eta_min=1e-5)]
custom_hooks = [*_base_.common_hooks, dict(type='GeneratorEMAHook', momentum=0.005)]
