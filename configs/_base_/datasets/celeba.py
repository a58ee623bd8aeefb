# d1: CelebA, its 178 px wide pictures enlarged. The faces are aligned: no random cut.
_base_ = ['./attribute_fitted.py', '../names/faces.py']
data_root = 'data/celeba'
_base_.train_dataloader.dataset.dataset.pipeline[1:3] = _base_.fit
