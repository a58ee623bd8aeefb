# A slim ResNet-18 with class-specific residual attention (CSRA, Zhu and Wu, ICCV 2021).
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18,
        mean=[127.5, 127.5, 127.5],
        std=[64.0, 64.0, 64.0],
        to_rgb=True,
    ),
    backbone=dict(
        type='ResNet',
        depth=18,
        stem_channels=32,
        base_channels=32,
        num_stages=4,
        out_indices=(3,),
        style='pytorch',
    ),
    neck=None,
    head=dict(
        type='CSRAClsHead',
        num_classes=18,
        in_channels=256,
        num_heads=1,
        lam=0.1,
        loss=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.0),
    ),
)
