# The embedded default: 64 px rendered faces, a schedule for two CPU cores.
_base_ = [
    '_base_/models/boostgan.py', '_base_/datasets/faces.py', '_base_/schedules/inpainting.py',
    '_base_/runtime.py'
]
attributes = [
    'Bangs', 'Big_Nose', 'Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Bushy_Eyebrows', 'Eyeglasses',
    'Gray_Hair', 'Male', 'Mouth_Slightly_Open', 'Mustache', 'No_Beard', 'Rosy_Cheeks', 'Smiling',
    'Wavy_Hair', 'Wearing_Hat', 'Wearing_Lipstick', 'Young'
]
parts = [
    'background', 'face_skin', 'left_brow', 'right_brow', 'left_eye', 'right_eye', 'nose',
    'upper_lip', 'inner_mouth', 'lower_lip', 'hair'
]
# M1 = M2 * 4 = 16 at 64 px needs a downsample factor of 4, Iizuka's own.
model = dict(
    generator=dict(
        num_attributes=18, num_classes=11, base_channels=32, max_channels=128, downsample_factor=4,
        dilations=(2, 4, 8)),
    discriminator=dict(
        overall=dict(image_size=64, base_channels=32, max_channels=128, hidden_features=128),
        attribute=dict(
            num_attributes=18, image_size=64, base_channels=32, max_channels=128,
            hidden_features=128),
        segmentation=dict(
            num_classes=11, image_size=64, base_channels=32, max_channels=128,
            hidden_features=128)),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_faces.py',
        checkpoint='work_dirs/attribute_faces', attributes=attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces.py',
        checkpoint='work_dirs/segmentation_faces', classes=parts),
)
iters = 2400
train_cfg = dict(max_iters=iters, val_interval=800)
optim_wrapper = dict(
    generator=dict(type='AutocastOptimWrapper', optimizer=dict(lr=1e-3)),
    discriminator=dict(type='AutocastOptimWrapper', optimizer=dict(lr=2e-4)))
param_scheduler = [dict(type='CosineAnnealingLR', by_epoch=False, T_max=iters, eta_min=1e-5)]
custom_hooks = _base_.custom_hooks
custom_hooks[-1].update(momentum=0.005)
