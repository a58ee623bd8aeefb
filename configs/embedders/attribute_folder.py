_base_ = [
    '../_base_/models/attribute_resnet.py',
    '../_base_/datasets/folder_attributes.py',
    '../_base_/schedules/embedder.py',
    '../_base_/runtime.py',
]
default_scope = 'mmpretrain'
model = dict(
    data_preprocessor=dict(num_classes=len(_base_.attributes)),
    backbone=dict(stem_channels=64, base_channels=64),
    head=dict(num_classes=len(_base_.attributes), in_channels=512),
)
