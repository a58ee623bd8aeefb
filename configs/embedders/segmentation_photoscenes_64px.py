# SegFormer's head on EfficientNet-lite0 from ImageNet weights (requirements/features.txt) at 64 px,
# with a schedule for two CPU cores.
_base_ = [
    '../_base_/datasets/segmentation_files.py',
    '../_base_/schedules/embedder_cpu.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
data_root = 'data/photo_scenes'
regions = ['scene', 'bird', 'mammal', 'small_animal', 'food', 'flower', 'vehicle', 'object']
names = dict(classes=regions)
size = 64
random_cut = dict(type='boostgan.RandomSquareCrop', size=size, scale=(0.85, 1.0))
shrink = dict(type='boostgan.CenterSquareCrop', size=size)
sometimes = dict(_base_.hole, probability=0.75)
train_pipeline = [*_base_.load, random_cut, _base_.flip, sometimes, *_base_.erased]
val_pipeline = [*_base_.load, shrink, dict(_base_.hole, seed=1), *_base_.erased]
test_pipeline = [*_base_.load, shrink, dict(_base_.hole, seed=2), *_base_.erased]
train_dataloader = dict(
    num_workers=1, dataset=dict(dataset=dict(metainfo=names, pipeline=train_pipeline))
)
val_dataloader = dict(num_workers=1, dataset=dict(metainfo=names, pipeline=val_pipeline))
test_dataloader = dict(num_workers=1, dataset=dict(metainfo=names, pipeline=test_pipeline))
train_cfg = dict(max_iters=4000, val_interval=1000)
optim_wrapper = dict(type='OptimWrapper')
norm_cfg = dict(type='BN', requires_grad=True)
model = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(
        type='SegDataPreProcessor',
        mean=[127.0, 127.0, 127.0],
        std=[128.0, 128.0, 128.0],
        bgr_to_rgb=True,
        pad_val=0,
        seg_pad_val=255,
        size=(size, size),
    ),
    backbone=dict(type='boostgan.EfficientNetLiteBackbone', scale=2),
    decode_head=dict(
        type='SegformerHead',
        in_channels=[16, 24, 40, 112, 320],
        in_index=[0, 1, 2, 3, 4],
        channels=64,
        dropout_ratio=0.1,
        num_classes=len(regions),
        norm_cfg=norm_cfg,
        align_corners=False,
        loss_decode=dict(type='CrossEntropyLoss', use_sigmoid=False, loss_weight=1.0),
    ),
    train_cfg=dict(),
    test_cfg=dict(mode='whole'),
)
