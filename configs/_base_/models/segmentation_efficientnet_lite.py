# SegFormer's head on EfficientNet-lite0 from ImageNet weights, for images of 64 px. Needs
# requirements/features.txt.
norm_cfg = dict(type='BN', requires_grad=True)
model = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(
        type='SegDataPreProcessor', mean=[127., 127., 127.], std=[128., 128., 128.],
        bgr_to_rgb=True, pad_val=0, seg_pad_val=255, size=(64, 64)),
    backbone=dict(type='boostgan.EfficientNetLiteBackbone', scale=2),
    decode_head=dict(
        type='SegformerHead', in_channels=[16, 24, 40, 112, 320], in_index=[0, 1, 2, 3, 4],
        channels=64, dropout_ratio=0.1, num_classes=11, norm_cfg=norm_cfg, align_corners=False,
        loss_decode=dict(type='CrossEntropyLoss', use_sigmoid=False, loss_weight=1.0)),
    train_cfg=dict(),
    test_cfg=dict(mode='whole'))
