# 20 scenes of Places2 at 256 px, with networks that read them for nearly nothing: docs/data.md.
# With --cfg-options networks=paper, embedders of the size of the paper's time, its three
# discriminators, and the map as it is printed.
_base_ = [
    '_base_/models/boostgan.py',
    '_base_/datasets/paper_data.py',
    '_base_/schedules/inpainting.py',
    '_base_/names/places.py',
    '_base_/runtime.py',
]
data_root = _base_.places2.data_root
train_dataloader = _base_.places2.train_dataloader
val_dataloader = _base_.places2.val_dataloader
test_dataloader = _base_.places2.test_dataloader
# One hot, 150 classes would be more channels than all others at full size.
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
    ),
)
choices = dict(
    networks=dict(
        paper=dict(
            model=dict(
                generator=dict(segmentation_encoding='label'),
                discriminator=dict(_delete_=True, **_base_.paper_discriminators),
                attribute_embedder=dict(
                    config='{{ fileDirname }}/embedders/attribute_sun_paper.py',
                    checkpoint='work_dirs/attribute_sun_paper',
                ),
                segmentation_embedder=dict(
                    config='{{ fileDirname }}/embedders/segmentation_ade20k_paper.py',
                    checkpoint='work_dirs/segmentation_ade20k_paper',
                ),
            )
        )
    )
)
