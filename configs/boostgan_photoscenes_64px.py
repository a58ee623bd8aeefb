# Photo scenes at 64 px, with a schedule for two CPU cores: docs/data.md.
_base_ = [
    '_base_/models/boostgan_64px.py',
    '_base_/datasets/folder.py',
    '_base_/schedules/inpainting_cpu.py',
    '_base_/runtime.py',
]
data_root = 'data/photo_scenes'
# What tools/dataset_converters/photo_scenes.py labels.
attributes = [
    'sky',
    'building',
    'vegetation',
    'rock',
    'water',
    'bird',
    'mammal',
    'small_animal',
    'food',
    'flower',
    'vehicle',
    'object',
]
regions = ['scene', 'bird', 'mammal', 'small_animal', 'food', 'flower', 'vehicle', 'object']
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_photoscenes_64px.py',
        checkpoint='work_dirs/attribute_photoscenes_64px',
        attributes=attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_photoscenes_64px.py',
        checkpoint='work_dirs/segmentation_photoscenes_64px',
        classes=regions,
    ),
)
size = 64
cut = dict(
    type='boostgan.LoadCrop',
    crop=dict(type='boostgan.RandomSquareCrop', size=size, scale=(0.85, 1.0)),
)
fit = dict(type='boostgan.LoadCrop', crop=dict(type='boostgan.CenterSquareCrop', size=size))
train_pipeline = [cut, _base_.flip, _base_.hole, _base_.pack]
val_pipeline = [fit, dict(_base_.hole, seed=1), _base_.pack]
test_pipeline = [fit, dict(_base_.hole, seed=2), _base_.pack]
train_dataloader = dict(
    batch_size=8,
    num_workers=1,
    dataset=dict(ann_file='inpainting_train.txt', split=None, pipeline=train_pipeline),
)
val_dataloader = dict(
    num_workers=1, dataset=dict(ann_file='inpainting_val.txt', split=None, pipeline=val_pipeline)
)
test_dataloader = dict(
    num_workers=1, dataset=dict(ann_file='inpainting_test.txt', split=None, pipeline=test_pipeline)
)
inference = dict(image_size=size)
iters = 10_000
train_cfg = dict(max_iters=iters, val_interval=2000)
