# 20 scenes of Places2 at 256 px, with networks that read them for nearly nothing: docs/data.md.
_base_ = [
    '_base_/models/boostgan.py', '_base_/datasets/places2.py', '_base_/schedules/inpainting.py',
    '_base_/names/places.py', '_base_/names/ade20k.py', '_base_/runtime.py'
]
# One hot, 150 classes would be more channels than all others at full size.
model = dict(
    generator=dict(segmentation_encoding='embedding'),
    discriminator=dict(segmentation=dict(segmentation_encoding='embedding')),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_sun_fast.py',
        checkpoint='work_dirs/attribute_sun_fast', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_ade20k_fast.py',
        checkpoint='work_dirs/segmentation_ade20k_fast', classes=_base_.regions),
)
