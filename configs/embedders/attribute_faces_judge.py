# Judges restored faces: another backbone, seed and training set than Wa's; whole images.
_base_ = [
    '../_base_/datasets/faces_attributes.py', '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
model = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=18, mean=[127.5, 127.5, 127.5], std=[64., 64., 64.], to_rgb=True),
    backbone=dict(
        type='RegNet',
        arch=dict(w0=24, wa=24.0, wm=2.2, group_w=8, depth=10, bot_mul=1.0),
        stem_channels=24),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=18, in_channels=256))
_base_.train_dataloader.dataset.split = 'judge'
_base_.train_dataloader.dataset.pipeline[0].probability = 0
_base_.val_dataloader.dataset.pipeline[0].probability = 0
_base_.test_dataloader.dataset.pipeline[0].probability = 0
train_cfg = dict(max_iters=4000, val_interval=4000)
randomness = dict(seed=1)
