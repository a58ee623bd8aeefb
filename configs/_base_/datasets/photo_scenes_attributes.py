_base_ = ['./attribute_files.py', '../names/photo_scenes.py']
data_root = 'data/photo_scenes'
shrink = dict(type='boostgan.CenterSquareCrop', size=256)
flip = dict(type='RandomFlip', prob=0.5)
_base_.train_dataloader.dataset.dataset.pipeline[1:1] = [shrink, flip]
_base_.val_dataloader.dataset.pipeline.insert(1, shrink)
_base_.test_dataloader.dataset.pipeline.insert(1, shrink)
