# d2 at 256 px: images of any size, mirrored ones among them.
_base_ = './segmentation_files.py'
fit = [
    dict(type='ResizeShortestEdge', scale=256, max_size=4096),
    dict(type='boostgan.CenterSquareCrop', size=256),
]
_base_.train_dataloader.dataset.dataset.pipeline[2:2] = [
    dict(type='ResizeShortestEdge', scale=288, max_size=4096),
    dict(type='boostgan.RandomSquareCrop', size=256, scale=(0.9, 1.0)),
    dict(type='RandomFlip', prob=0.5),
]
_base_.val_dataloader.dataset.pipeline[2:2] = fit
_base_.test_dataloader.dataset.pipeline[2:2] = fit
