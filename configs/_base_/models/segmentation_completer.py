# A U-Net with wide context, to complete the layout in a hole. Channels come as they are stored and
# have one mean, as the planes of attributes will that may stand behind.
norm_cfg = dict(type='BN', requires_grad=True)
# By the root of how rare each part is: what is small counts, and no part is guessed where it hardly
# ever is.
class_weight = [0.6, 1.2, 7.4, 7.4, 6.9, 6.9, 3.8, 7.9, 12, 6.4, 1.1]
model = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(
        type='SegDataPreProcessor',
        mean=[127.5],
        std=[64.0],
        pad_val=0,
        seg_pad_val=255,
        size=(64, 64),
    ),
    backbone=dict(type='boostgan.HoleUNet'),
    decode_head=dict(
        type='FCNHead',
        in_channels=16,
        in_index=0,
        channels=16,
        num_convs=0,
        concat_input=False,
        dropout_ratio=0.0,
        num_classes=11,
        norm_cfg=norm_cfg,
        align_corners=False,
        loss_decode=[
            dict(type='CrossEntropyLoss', loss_weight=1.0, class_weight=class_weight),
            dict(type='DiceLoss', loss_weight=0.5),
        ],
    ),
    train_cfg=dict(),
    test_cfg=dict(mode='whole'),
)
