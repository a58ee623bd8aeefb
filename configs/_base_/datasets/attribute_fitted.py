# d1 at 256 px: images of any size, mirrored ones among them.
_base_ = './attribute_files.py'
fit = [
    dict(type='ResizeEdge', scale=256, edge='short'),
    dict(type='boostgan.CenterSquareCrop', size=256),
]
_base_.train_dataloader.dataset.dataset.pipeline[1:1] = [
    dict(type='ResizeEdge', scale=288, edge='short'),
    dict(type='boostgan.RandomSquareCrop', size=256, scale=(0.9, 1.0)),
    dict(type='RandomFlip', prob=0.5),
]
_base_.val_dataloader.dataset.pipeline[1:1] = fit
_base_.test_dataloader.dataset.pipeline[1:1] = fit
