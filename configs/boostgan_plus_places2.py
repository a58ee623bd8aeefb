# BoostGAN+ on 20 scenes of Places2 at 256 px.
_base_ = [
    '_base_/models/boostgan_plus.py',
    '_base_/datasets/paper_data.py',
    '_base_/names/places.py',
    '_base_/runtime.py',
]
data_root = _base_.places2.data_root
train_dataloader = _base_.places2.train_dataloader
val_dataloader = _base_.places2.val_dataloader
test_dataloader = _base_.places2.test_dataloader
# The probabilities of 150 classes would be more channels than all others at full size.
model = dict(
    generator=dict(segmentation_encoding='embedding'),
    discriminator=dict(segmentation=dict(segmentation_encoding='embedding')),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_sun_fast.py',
        checkpoint='work_dirs/attribute_sun_fast',
        attributes=_base_.attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_ade20k_fast.py',
        checkpoint='work_dirs/segmentation_ade20k_fast',
        classes=_base_.regions,
        output='label',
    ),
)
