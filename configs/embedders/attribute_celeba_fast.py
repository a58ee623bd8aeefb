# MobileNetV3, 0.3 GFLOP at 256 px: nearly free beside the generator.
_base_ = [
    '../_base_/datasets/attribute_files.py',
    '../_base_/schedules/embedder.py',
    '../_base_/runtime.py',
]
default_scope = 'mmpretrain'
data_root = 'data/celeba'
# Its 178 px wide images are enlarged. The faces are aligned: no random cut.
aligned_pipeline = [
    _base_.load,
    *_base_.fit,
    _base_.flip,
    dict(_base_.hole, probability=0.75),
    *_base_.erased,
]
train_dataloader = dict(dataset=dict(dataset=dict(pipeline=aligned_pipeline)))
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18, mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True
    ),
    backbone=dict(type='MobileNetV3', arch='large'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=18, in_channels=960),
)
