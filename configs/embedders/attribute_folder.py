_base_ = [
    '../_base_/models/attribute_resnet.py', '../_base_/datasets/folder_colours.py',
    '../_base_/names/colours.py', '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
pack = dict(type='PackInputs')
names = dict(classes=_base_.attributes)
train_dataloader = dict(
    dataset=dict(metainfo=names, pipeline=[*_base_.train_dataloader.dataset.pipeline, pack]))
val_dataloader = dict(
    dataset=dict(metainfo=names, pipeline=[*_base_.val_dataloader.dataset.pipeline, pack]))
test_dataloader = dict(
    dataset=dict(metainfo=names, pipeline=[*_base_.test_dataloader.dataset.pipeline, pack]))
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
model = dict(
    data_preprocessor=dict(num_classes=16),
    backbone=dict(stem_channels=64, base_channels=64),
    head=dict(num_classes=16, in_channels=512))
