# Ws of boostgan_plus_faces_128px.py: goes on from segmentation_faces_plus.py and hears of
# attributes, so that what is said of a hole shows in the layout that is completed there.
_base_ = './segmentation_faces_plus.py'
iters = 2000
labels = ['parts', 'attributes']
model = dict(
    backbone=dict(num_attributes=18),
    init_cfg=dict(type='Pretrained', checkpoint='work_dirs/segmentation_faces_plus'))
train_dataloader = dict(dataset=dict(split='both', length=12_000, labels=labels))
_base_.train_dataloader.dataset.pipeline.insert(-1, dict(type='boostgan.AttributePlanes'))
# Tests tell nothing.
for loader in (_base_.val_dataloader, _base_.test_dataloader):
    loader.dataset.labels = labels
    loader.dataset.pipeline.insert(-1, dict(type='boostgan.AttributePlanes', samples=0))
del loader
train_cfg = dict(max_iters=iters)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
