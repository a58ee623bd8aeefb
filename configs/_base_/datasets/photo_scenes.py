_base_ = ['./lists.py', '../names/photo_scenes.py']
data_root = 'data/photo_scenes'
_base_.train_dataloader.dataset.pipeline[0].crop.update(scale=(0.85, 1.0))
