# Pretrained on whole images only, to compare with: no hole is erased in training.
_base_ = './attribute_faces.py'
_base_.train_dataloader.dataset.pipeline[0].probability = 0
