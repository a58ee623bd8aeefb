# For two CPU cores: a higher and faster decaying rate, a shorter average.
_base_ = './inpainting_plus.py'
iters = 2000
train_cfg = dict(max_iters=iters, val_interval=1000)
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=5e-4)), discriminator=dict(optimizer=dict(lr=5e-4)))
_base_.param_scheduler[-1].eta_min = 1e-5
_base_.custom_hooks[-1].momentum = 0.005
