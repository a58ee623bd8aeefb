_base_ = [
    '../_base_/models/attribute_resnet.py', '../_base_/datasets/faces_attributes.py',
    '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
iters = 1000
warm_up = 50
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(type='boostgan.AutocastOptimWrapper', optimizer=dict(lr=3e-3))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up, T_max=iters - warm_up),
]
