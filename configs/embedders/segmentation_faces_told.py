# Ws of boostgan_plus_faces_128px.py: goes on from segmentation_faces_plus.py, tells eyeglasses and
# hats from what is under them, and hears of attributes, so that what is said of a hole shows in the
# layout that is completed there.
_base_ = './segmentation_faces_plus.py'
iters = 12_000
labels = ['regions', 'attributes']
class_weight = [*_base_.class_weight, 6.4, 2.6]
start_from = dict(
    config='{{ fileDirname }}/segmentation_faces_plus.py',
    checkpoint='work_dirs/segmentation_faces_plus',
)
model = dict(
    backbone=dict(num_attributes=18),
    decode_head=dict(
        num_classes=13,
        loss_decode=[
            dict(type='CrossEntropyLoss', loss_weight=1.0, class_weight=class_weight),
            dict(type='DiceLoss', loss_weight=0.5),
        ],
    ),
    init_cfg=dict(type='Pretrained', checkpoint=start_from['checkpoint']),
)
hear = dict(type='boostgan.AttributePlanes')
# Tests tell nothing.
tell_nothing = [
    _base_.ignore,
    _base_.erase,
    dict(type='boostgan.AttributePlanes', samples=0),
    _base_.pack,
]
# Another layout shows in nothing but the map.
otherwise = dict(type='boostgan.CounterfactualFace', layout_prob=0)
train_pipeline = [_base_.often, otherwise, _base_.erase, hear, _base_.pack]
val_pipeline = [dict(_base_.always, seed=1), *tell_nothing]
test_pipeline = [dict(_base_.always, seed=2), *tell_nothing]
train_dataloader = dict(
    dataset=dict(split='both', length=60_000, labels=labels, pipeline=train_pipeline)
)
val_dataloader = dict(dataset=dict(labels=labels, pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(labels=labels, pipeline=test_pipeline))
train_cfg = dict(max_iters=iters)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
