# Wa of boostgan_plus_faces_128px.py: goes on from that of 64 px.
_base_ = ['./attribute_faces_plus.py', '../_base_/datasets/painted_holes.py']
size = 128
iters = 1000
_base_.train_dataloader.dataset.pipeline[0] = _base_.painted_holes
train_dataloader = dict(dataset=dict(size=size, length=20_000))
val_dataloader = dict(dataset=dict(size=size))
test_dataloader = dict(dataset=dict(size=size))
train_cfg = dict(max_iters=iters, val_interval=iters)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
load_from = 'work_dirs/attribute_faces_plus'
