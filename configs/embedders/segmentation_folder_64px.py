# 64 px and a schedule for two CPU cores.
_base_ = [
    '../_base_/models/segmentation_unet.py',
    '../_base_/datasets/folder_regions.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
size = 64
cut = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.RandomSquareCrop', size=size))
fit = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size))
sometimes = dict(_base_.mask, probability=0.75)
labelled = [_base_.erase, _base_.pack]
train_pipeline = [cut, _base_.flip, _base_.label, sometimes, *labelled]
val_pipeline = [fit, _base_.label, dict(_base_.mask, seed=1), *labelled]
test_pipeline = [fit, _base_.label, dict(_base_.mask, seed=2), *labelled]
train_dataloader = dict(num_workers=1, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(num_workers=1, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(num_workers=1, dataset=dict(pipeline=test_pipeline))
model = dict(decode_head=dict(num_classes=len(_base_.regions), loss_decode=dict(class_weight=None)))
