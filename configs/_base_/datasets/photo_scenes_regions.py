_base_ = ['./segmentation_files.py', '../names/photo_scenes.py']
data_root = 'data/photo_scenes'
cut = dict(type='boostgan.RandomSquareCrop', size=256, scale=(0.85, 1.0))
flip = dict(type='RandomFlip', prob=0.5)
shrink = dict(type='boostgan.CenterSquareCrop', size=256)
names = dict(classes=_base_.regions)
_base_.train_dataloader.dataset.dataset.pipeline[2:2] = [cut, flip]
_base_.train_dataloader.dataset.dataset.update(metainfo=names)
_base_.val_dataloader.dataset.pipeline.insert(2, shrink)
_base_.val_dataloader.dataset.update(metainfo=names)
_base_.test_dataloader.dataset.pipeline.insert(2, shrink)
_base_.test_dataloader.dataset.update(metainfo=names)
