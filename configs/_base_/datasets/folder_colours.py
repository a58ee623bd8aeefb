# Photographs labelled with their colour terms (see LabelColours). The labels are those of the whole
# image; three of four training images then get a hole.
_base_ = './folder_images.py'
label = dict(type='boostgan.LabelColours')
mask = dict(type='boostgan.RandomRectangleMask')
erase = dict(type='boostgan.EraseHole')
_base_.train_dataloader.dataset.pipeline += [label, dict(mask, probability=0.75), erase]
_base_.val_dataloader.dataset.pipeline += [label, dict(mask, seed=1), erase]
_base_.test_dataloader.dataset.pipeline += [label, dict(mask, seed=2), erase]
