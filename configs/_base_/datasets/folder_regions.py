# d2: colour terms as regions, for mmseg (see GenerateColorLabels). The labels are those of the
# whole image; three of four training images then get a hole.
_base_ = ['./folder.py', '../names/colours.py']
label = dict(type='boostgan.GenerateColorLabels')
mask = dict(type='boostgan.RandomRectangleMask')
erase = dict(type='boostgan.ApplyMask')
pack = dict(type='PackSegInputs')
train_pipeline = [_base_.cut, _base_.flip, label, dict(mask, probability=0.75), erase, pack]
val_pipeline = [_base_.fit, label, dict(mask, seed=1), erase, pack]
test_pipeline = [_base_.fit, label, dict(mask, seed=2), erase, pack]
names = dict(classes=_base_.regions)
train_dataloader = dict(dataset=dict(metainfo=names, pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(metainfo=names, pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(metainfo=names, pipeline=test_pipeline))
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
