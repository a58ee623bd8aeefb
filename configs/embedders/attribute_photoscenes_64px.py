# EfficientNet-lite0 from ImageNet weights (requirements/features.txt) at 64 px, with a schedule for
# two CPU cores.
_base_ = [
    '../_base_/datasets/attribute_files.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmpretrain'
data_root = 'data/photo_scenes'
shrink = dict(type='boostgan.CenterSquareCrop', size=64)
sometimes = dict(_base_.hole, probability=0.75)
train_pipeline = [_base_.load, shrink, _base_.flip, sometimes, *_base_.erased]
val_pipeline = [_base_.load, shrink, dict(_base_.hole, seed=1), *_base_.erased]
test_pipeline = [_base_.load, shrink, dict(_base_.hole, seed=2), *_base_.erased]
train_dataloader = dict(num_workers=1, dataset=dict(dataset=dict(pipeline=train_pipeline)))
val_dataloader = dict(num_workers=1, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(num_workers=1, dataset=dict(pipeline=test_pipeline))
train_cfg = dict(max_iters=3000, val_interval=1000)
optim_wrapper = dict(type='OptimWrapper')
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=12, mean=[127.0, 127.0, 127.0], std=[128.0, 128.0, 128.0], to_rgb=True
    ),
    backbone=dict(type='boostgan.EfficientNetLiteBackbone', scale=2),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=12, in_channels=320),
)
