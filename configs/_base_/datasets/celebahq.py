# d0: CelebA-HQ. The faces are aligned, so nothing is cut off.
_base_ = './lists.py'
data_root = 'data/celebahq'
_base_.train_dataloader.dataset.pipeline[0].crop = dict(
    type='boostgan.CenterSquareCrop', size=256)
