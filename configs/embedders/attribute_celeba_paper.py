# ResNet-101 with class-specific residual attention (CSRA, Zhu and Wu, ICCV 2021).
_base_ = './attribute_celeba_fast.py'
optim_wrapper = dict(optimizer=dict(lr=3e-4))
model = dict(
    backbone=dict(
        _delete_=True, type='ResNet', depth=101, num_stages=4, out_indices=(3,), style='pytorch'
    ),
    neck=None,
    head=dict(
        type='CSRAClsHead',
        in_channels=2048,
        num_heads=1,
        lam=0.1,
        loss=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.0),
    ),
)
