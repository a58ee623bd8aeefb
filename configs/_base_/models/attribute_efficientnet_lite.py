# EfficientNet-lite0 from ImageNet weights, for images of 64 px. Needs requirements/features.txt.
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18, mean=[127., 127., 127.], std=[128., 128., 128.], to_rgb=True),
    backbone=dict(type='boostgan.EfficientNetLiteBackbone', scale=2),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=18, in_channels=320))
