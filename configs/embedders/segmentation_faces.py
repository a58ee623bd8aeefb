# Trained on images with holes; on whole ones only, to compare with: --cfg-options images=whole.
_base_ = [
    '../_base_/models/segmentation_unet.py',
    '../_base_/datasets/faces_labelled.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
pack = dict(type='PackSegInputs')
labels = ['parts']
train_pipeline = [*_base_.train_pipeline, pack]
val_pipeline = [*_base_.val_pipeline, pack]
test_pipeline = [*_base_.test_pipeline, pack]
whole_pipeline = [dict(_base_.hole, probability=0), _base_.erase, pack]
train_dataloader = dict(
    batch_size=8, dataset=dict(split='d2', labels=labels, pipeline=train_pipeline)
)
val_dataloader = dict(dataset=dict(labels=labels, pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(labels=labels, pipeline=test_pipeline))
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
choices = dict(
    images=dict(whole=dict(train_dataloader=dict(dataset=dict(pipeline=whole_pipeline))))
)
