# Judges restored faces: another width, seed and training set than Ws's; whole images.
_base_ = './segmentation_faces_whole.py'
_base_.train_dataloader.dataset.split = 'judge'
_base_.val_dataloader.dataset.pipeline[0].probability = 0
_base_.test_dataloader.dataset.pipeline[0].probability = 0
model = dict(backbone=dict(base_channels=24), decode_head=dict(in_channels=24, channels=24))
randomness = dict(seed=1)
