# As boostgan_folder.py, at 64 px and with a schedule for two CPU cores.
_base_ = [
    '_base_/models/boostgan_64px.py', '_base_/datasets/folder.py',
    '_base_/schedules/inpainting_cpu.py', '_base_/names/colours.py', '_base_/runtime.py'
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_folder_64px.py',
        checkpoint='work_dirs/attribute_folder_64px', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_folder_64px.py',
        checkpoint='work_dirs/segmentation_folder_64px', classes=_base_.regions),
)
_base_.train_dataloader.dataset.pipeline[0].crop.size = 64
_base_.val_dataloader.dataset.pipeline[0].crop.size = 64
_base_.test_dataloader.dataset.pipeline[0].crop.size = 64
train_dataloader = dict(batch_size=8, num_workers=1)
val_dataloader = dict(num_workers=1)
test_dataloader = dict(num_workers=1)
inference = dict(image_size=64)
iters = 4000
train_cfg = dict(max_iters=iters, val_interval=2000)
