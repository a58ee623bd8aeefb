# d2: part labels, for mmseg.
_base_ = './faces_labelled.py'
pack = dict(type='PackSegInputs')
labels = ['parts']
train_dataloader = dict(
    batch_size=8,
    dataset=dict(
        split='d2', labels=labels, pipeline=[*_base_.train_dataloader.dataset.pipeline, pack]))
val_dataloader = dict(
    dataset=dict(labels=labels, pipeline=[*_base_.val_dataloader.dataset.pipeline, pack]))
test_dataloader = dict(
    dataset=dict(labels=labels, pipeline=[*_base_.test_dataloader.dataset.pipeline, pack]))
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
