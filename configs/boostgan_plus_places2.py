# BoostGAN+ on 20 scenes of Places2 at 256 px.
_base_ = [
    '_base_/models/boostgan_plus.py', '_base_/datasets/places2.py',
    '_base_/schedules/inpainting_plus.py', '_base_/names/places.py', '_base_/names/ade20k.py',
    '_base_/runtime.py'
]
# The probabilities of 150 classes would be more channels than all others at full size.
model = dict(
    generator=dict(segmentation_encoding='embedding'),
    discriminator=dict(segmentation=dict(segmentation_encoding='embedding')),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_sun_fast.py',
        checkpoint='work_dirs/attribute_sun_fast', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_ade20k_fast.py',
        checkpoint='work_dirs/segmentation_ade20k_fast', classes=_base_.regions,
        output='label'),
)
