# d1: attribute labels, for mmpretrain.
_base_ = './faces_labelled.py'
pack = dict(type='PackInputs')
labels = ['attributes']
train_dataloader = dict(
    batch_size=32,
    dataset=dict(
        split='d1', labels=labels, pipeline=[*_base_.train_dataloader.dataset.pipeline, pack]))
val_dataloader = dict(
    dataset=dict(labels=labels, pipeline=[*_base_.val_dataloader.dataset.pipeline, pack]))
test_dataloader = dict(
    dataset=dict(labels=labels, pipeline=[*_base_.test_dataloader.dataset.pipeline, pack]))
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
