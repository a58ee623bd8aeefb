# MobileNetV3, 0.3 GFLOP at 256 px: nearly free beside the generator.
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18, mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375],
        to_rgb=True),
    backbone=dict(type='MobileNetV3', arch='large'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=18, in_channels=960))
