# Judges restored faces: another seed than Ws, pretrained on whole images.
_base_ = './segmentation_faces_whole.py'
_base_.val_dataloader.dataset.pipeline[0].probability = 0
_base_.test_dataloader.dataset.pipeline[0].probability = 0
randomness = dict(seed=1)
