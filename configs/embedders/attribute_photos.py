# Wa of boostgan_plus_photos.py, which it serves at half its 256 px.
_base_ = [
    '../_base_/models/attribute_resnet.py', '../_base_/datasets/folder_attributes.py',
    '../_base_/datasets/photographs_varied.py', '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
data_root = 'data/photographs_open'
iters = 1500
_base_.load.crop.size = 128
_base_.train_dataloader.dataset.pipeline[0] = _base_.load
_base_.train_dataloader.dataset.pipeline[2:2] = [_base_.tone]
_base_.train_dataloader.dataset.pipeline[4] = _base_.holes
_base_.val_dataloader.dataset.pipeline[0].crop.size = 128
_base_.test_dataloader.dataset.pipeline[0].crop.size = 128
train_dataloader = dict(batch_size=32, num_workers=6)
val_dataloader = dict(num_workers=1)
test_dataloader = dict(num_workers=1)
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(optimizer=dict(lr=2e-3))
model = dict(
    data_preprocessor=dict(num_classes=len(_base_.attributes)),
    head=dict(num_classes=len(_base_.attributes)))
