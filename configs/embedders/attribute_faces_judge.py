# Judges restored faces: another backbone, seed and training set than Wa's; whole images.
_base_ = './attribute_faces.py'
whole = dict(_base_.hole, probability=0)
val_pipeline = [dict(whole, seed=1), _base_.erase, _base_.pack]
test_pipeline = [dict(whole, seed=2), _base_.erase, _base_.pack]
train_dataloader = dict(dataset=dict(split='judge', pipeline=_base_.whole_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
choices = dict(_delete_=True)
model = dict(
    _delete_=True,
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18, mean=[127.5, 127.5, 127.5], std=[64.0, 64.0, 64.0], to_rgb=True
    ),
    backbone=dict(
        type='RegNet',
        arch=dict(w0=24, wa=24.0, wm=2.2, group_w=8, depth=10, bot_mul=1.0),
        stem_channels=24,
    ),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=18, in_channels=256),
)
train_cfg = dict(max_iters=4000, val_interval=4000)
randomness = dict(seed=1)
