# d2: CelebAMask-HQ with the classes of Helen.
_base_ = './helen.py'
data_root = 'data/celebahq'
files = dict(img_path='CelebA-HQ-img')
_base_.train_dataloader.dataset.dataset.data_prefix.update(files)
_base_.val_dataloader.dataset.data_prefix.update(files)
_base_.test_dataloader.dataset.data_prefix.update(files)
