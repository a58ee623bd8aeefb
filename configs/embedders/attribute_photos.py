# Wa of boostgan_plus_photos.py, which it serves at half its 256 px.
_base_ = [
    '../_base_/models/attribute_resnet.py',
    '../_base_/datasets/folder_attributes.py',
    '../_base_/datasets/photographs_varied.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmpretrain'
data_root = 'data/photographs_open'
iters = 1500
size = 128
load = dict(_base_.load, crop=dict(_base_.load.crop, size=size))
fit = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size))
labelled = [_base_.erase, _base_.pack]
train_pipeline = [load, _base_.flip, _base_.tone, _base_.label, _base_.holes, *labelled]
val_pipeline = [fit, _base_.label, dict(_base_.mask, seed=1), *labelled]
test_pipeline = [fit, _base_.label, dict(_base_.mask, seed=2), *labelled]
train_dataloader = dict(batch_size=32, num_workers=6, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(num_workers=1, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(num_workers=1, dataset=dict(pipeline=test_pipeline))
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
model = dict(
    data_preprocessor=dict(num_classes=len(_base_.attributes)),
    head=dict(num_classes=len(_base_.attributes)),
)
