# d1: CelebA, its 178 px wide pictures enlarged.
_base_ = ['./attribute_files.py', '../names/faces.py']
data_root = 'data/celeba'
fit = [
    dict(type='ResizeEdge', scale=256, edge='short'),
    dict(type='boostgan.CenterSquareCrop', size=256),
]
_base_.train_dataloader.dataset.dataset.pipeline[1:1] = [*fit, dict(type='RandomFlip', prob=0.5)]
_base_.val_dataloader.dataset.pipeline[1:1] = fit
_base_.test_dataloader.dataset.pipeline[1:1] = fit
