# Judges regions that were told, eyeglasses and hats as well: wider and trained for longer than
# segmentation_faces_judge.py, so that less of what it does not find is its own fault.
_base_ = './segmentation_faces_judge.py'
iters = 8000
warm_up = 200
labels = ['regions']
class_weight = [1, 1, 3, 3, 3, 3, 2, 3, 4, 3, 1, 3, 2]
model = dict(
    backbone=dict(base_channels=32),
    decode_head=dict(
        in_channels=32,
        channels=32,
        num_classes=13,
        loss_decode=dict(class_weight=class_weight),
    ),
)
train_dataloader = dict(dataset=dict(length=40_000, labels=labels))
val_dataloader = dict(dataset=dict(labels=labels))
test_dataloader = dict(dataset=dict(labels=labels))
train_cfg = dict(max_iters=iters, val_interval=2000)
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=warm_up),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=warm_up),
]
