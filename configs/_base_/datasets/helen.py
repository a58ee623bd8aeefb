# d2: the eleven parts of Helen. In a mirrored face left and right are exchanged.
_base_ = ['./segmentation_fitted.py', '../names/faces.py']
data_root = 'data/helen'
names = dict(classes=_base_.regions)
_base_.train_dataloader.dataset.dataset.pipeline[4].update(swap_seg_labels=[(2, 3), (4, 5)])
_base_.train_dataloader.dataset.dataset.update(metainfo=names)
_base_.val_dataloader.dataset.update(metainfo=names)
_base_.test_dataloader.dataset.update(metainfo=names)
