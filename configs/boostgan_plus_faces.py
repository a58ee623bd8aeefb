# BoostGAN+ on 64 px rendered faces: as many steps of as many images as boostgan_faces.py.
_base_ = [
    '_base_/models/boostgan_plus.py', '_base_/datasets/faces.py',
    '_base_/schedules/inpainting_cpu.py', '_base_/names/faces.py', '_base_/runtime.py'
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_faces_plus.py',
        checkpoint='work_dirs/attribute_faces_plus', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces_plus.py',
        checkpoint='work_dirs/segmentation_faces_plus', classes=_base_.regions),
)
# Without norms in the generator, a higher rate or its first steps unwarmed end in saturation.
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=5e-4, betas=(0.9, 0.99)), clip_grad=dict(max_norm=1.)),
    discriminator=dict(optimizer=dict(lr=5e-4)))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.02, end=60),
    dict(type='CosineAnnealingLR', by_epoch=False, eta_min=1e-5),
]
