# BoostGAN+ on 64 px rendered faces: as many steps of as many images as boostgan_faces.py.
_base_ = [
    '_base_/models/boostgan_plus.py',
    '_base_/datasets/faces.py',
    '_base_/names/faces.py',
    '_base_/runtime.py',
]
iters = 2000
train_cfg = dict(max_iters=iters, val_interval=1000)
optim_wrapper = _base_.on_cpu.optim_wrapper
param_scheduler = _base_.on_cpu.param_scheduler
custom_hooks = _base_.on_cpu.custom_hooks
model = dict(
    generator=dict(channels=[64, 128, 192], dilations=[1, 2, 4]),
    discriminator=dict(channels=[48, 96, 192], segmentation_stage=2),
    perceptual=dict(
        attribute=['backbone.layer1', 'backbone.layer2', 'backbone.layer3'],
        segmentation=['backbone.stem', 'backbone.encoder.0', 'backbone.encoder.1'],
    ),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_faces_plus.py',
        checkpoint='work_dirs/attribute_faces_plus',
        attributes=_base_.attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces_plus.py',
        checkpoint='work_dirs/segmentation_faces_plus',
        classes=_base_.regions,
        # As in the embedder's loss.
        class_weight=[0.6, 1.2, 7.4, 7.4, 6.9, 6.9, 3.8, 7.9, 12, 6.4, 1.1],
    ),
)
