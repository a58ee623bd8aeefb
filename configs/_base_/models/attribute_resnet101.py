# ResNet-101 with class-specific residual attention (CSRA, Zhu and Wu, ICCV 2021).
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18, mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375],
        to_rgb=True),
    backbone=dict(type='ResNet', depth=101, num_stages=4, out_indices=(3, ), style='pytorch'),
    neck=None,
    head=dict(
        type='CSRAClsHead', num_classes=18, in_channels=2048, num_heads=1, lam=0.1,
        loss=dict(type='CrossEntropyLoss', use_sigmoid=True, loss_weight=1.0)))
