# As boostgan_folder.py, at 64 px and with a schedule for two CPU cores.
_base_ = [
    '_base_/models/boostgan_64px.py',
    '_base_/datasets/folder.py',
    '_base_/schedules/inpainting_cpu.py',
    '_base_/names/colours.py',
    '_base_/runtime.py',
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_folder_64px.py',
        checkpoint='work_dirs/attribute_folder_64px',
        attributes=_base_.attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_folder_64px.py',
        checkpoint='work_dirs/segmentation_folder_64px',
        classes=_base_.regions,
    ),
)
size = 64
cut = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.RandomSquareCrop', size=size))
fit = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size))
train_pipeline = [cut, _base_.flip, _base_.hole, _base_.pack]
val_pipeline = [fit, dict(_base_.hole, seed=1), _base_.pack]
test_pipeline = [fit, dict(_base_.hole, seed=2), _base_.pack]
train_dataloader = dict(batch_size=8, num_workers=1, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(num_workers=1, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(num_workers=1, dataset=dict(pipeline=test_pipeline))
inference = dict(image_size=size)
iters = 4000
train_cfg = dict(max_iters=iters, val_interval=2000)
