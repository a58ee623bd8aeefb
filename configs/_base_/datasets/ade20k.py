# d2: ADE20K, 150 classes. No labels of its test images are published: val is used for both.
_base_ = ['./segmentation_fitted.py', '../names/ade20k.py']
data_root = 'data/ADEChallengeData2016'
train = dict(
    type='ADE20KDataset', ann_file='',
    data_prefix=dict(img_path='images/training', seg_map_path='annotations/training'))
val = dict(
    type='ADE20KDataset', ann_file='',
    data_prefix=dict(img_path='images/validation', seg_map_path='annotations/validation'))
_base_.train_dataloader.dataset.dataset.update(train)
_base_.val_dataloader.dataset.update(val)
_base_.test_dataloader.dataset.update(val)
