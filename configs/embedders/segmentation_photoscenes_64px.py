# 64 px and a schedule for two CPU cores.
_base_ = [
    '../_base_/models/segmentation_efficientnet_lite.py',
    '../_base_/datasets/photo_scenes_regions.py', '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py'
]
default_scope = 'mmseg'
_base_.train_dataloader.dataset.dataset.pipeline[2].size = 64
_base_.val_dataloader.dataset.pipeline[2].size = 64
_base_.test_dataloader.dataset.pipeline[2].size = 64
train_dataloader = dict(num_workers=1)
val_dataloader = dict(num_workers=1)
test_dataloader = dict(num_workers=1)
train_cfg = dict(max_iters=4000, val_interval=1000)
optim_wrapper = dict(type='OptimWrapper')
model = dict(decode_head=dict(num_classes=len(_base_.regions)))
