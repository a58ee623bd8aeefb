_base_ = [
    '../_base_/models/segmentation_unet.py', '../_base_/datasets/folder_colours.py',
    '../_base_/names/colours.py', '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmseg'
pack = dict(type='PackSegInputs')
names = dict(classes=_base_.regions)
train_dataloader = dict(
    dataset=dict(metainfo=names, pipeline=[*_base_.train_dataloader.dataset.pipeline, pack]))
val_dataloader = dict(
    dataset=dict(metainfo=names, pipeline=[*_base_.val_dataloader.dataset.pipeline, pack]))
test_dataloader = dict(
    dataset=dict(metainfo=names, pipeline=[*_base_.test_dataloader.dataset.pipeline, pack]))
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
model = dict(
    data_preprocessor=dict(size=(256, 256)),
    decode_head=dict(loss_decode=dict(class_weight=None)))
