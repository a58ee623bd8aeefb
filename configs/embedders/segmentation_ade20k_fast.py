# SegFormer-B0 (Xie et al., NeurIPS 2021), 4 GFLOP at 256 px: nearly free beside the generator.
# No labels of the test images of ADE20K are published: val is used for both.
_base_ = [
    '../_base_/datasets/segmentation_files.py',
    '../_base_/schedules/embedder.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
data_root = 'data/ADEChallengeData2016'
train = dict(
    type='ADE20KDataset',
    ann_file='',
    data_prefix=dict(img_path='images/training', seg_map_path='annotations/training'),
)
val = dict(
    type='ADE20KDataset',
    ann_file='',
    data_prefix=dict(img_path='images/validation', seg_map_path='annotations/validation'),
)
train_dataloader = dict(dataset=dict(dataset=train))
val_dataloader = dict(dataset=val)
test_dataloader = dict(dataset=val)
train_cfg = dict(max_iters=160_000, val_interval=16_000)
norm_cfg = dict(type='BN', requires_grad=True)
model = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(
        type='SegDataPreProcessor',
        mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375],
        bgr_to_rgb=True,
        pad_val=0,
        seg_pad_val=255,
        size=(256, 256),
    ),
    backbone=dict(
        type='MixVisionTransformer',
        in_channels=3,
        embed_dims=32,
        num_stages=4,
        num_layers=[2, 2, 2, 2],
        num_heads=[1, 2, 5, 8],
        patch_sizes=[7, 3, 3, 3],
        sr_ratios=[8, 4, 2, 1],
        out_indices=(0, 1, 2, 3),
        mlp_ratio=4,
        qkv_bias=True,
        drop_rate=0.0,
        attn_drop_rate=0.0,
        drop_path_rate=0.1,
    ),
    decode_head=dict(
        type='SegformerHead',
        in_channels=[32, 64, 160, 256],
        in_index=[0, 1, 2, 3],
        channels=256,
        dropout_ratio=0.1,
        num_classes=150,
        norm_cfg=norm_cfg,
        align_corners=False,
        loss_decode=dict(type='CrossEntropyLoss', use_sigmoid=False, loss_weight=1.0),
    ),
    train_cfg=dict(),
    test_cfg=dict(mode='whole'),
)
