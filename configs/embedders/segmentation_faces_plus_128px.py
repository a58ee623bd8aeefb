# Ws of boostgan_plus_faces_128px.py: as at 64 px, on blocks of 4 x 4 pixels; goes on from it.
_base_ = ['./segmentation_faces_plus.py', '../_base_/datasets/painted_holes.py']
size = 128
iters = 4000
_base_.train_dataloader.dataset.pipeline[0] = _base_.painted_holes
train_dataloader = dict(dataset=dict(size=size, length=20_000))
val_dataloader = dict(dataset=dict(size=size))
test_dataloader = dict(dataset=dict(size=size))
model = dict(data_preprocessor=dict(size=(size, size)), backbone=dict(block=4))
train_cfg = dict(max_iters=iters, val_interval=2000)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
load_from = 'work_dirs/segmentation_faces_plus'
