# CelebA-HQ at 256 px, with networks that read it for nearly nothing: docs/data.md. With
# --cfg-options networks=paper, embedders of the size of the paper's time, its three discriminators,
# and the map as it is printed.
_base_ = [
    '_base_/models/boostgan.py',
    '_base_/datasets/paper_data.py',
    '_base_/schedules/inpainting.py',
    '_base_/names/faces.py',
    '_base_/runtime.py',
]
data_root = _base_.celebahq.data_root
train_dataloader = _base_.celebahq.train_dataloader
val_dataloader = _base_.celebahq.val_dataloader
test_dataloader = _base_.celebahq.test_dataloader
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_celeba_fast.py',
        checkpoint='work_dirs/attribute_celeba_fast',
        attributes=_base_.attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_helen_fast.py',
        checkpoint='work_dirs/segmentation_helen_fast',
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
                    config='{{ fileDirname }}/embedders/attribute_celeba_paper.py',
                    checkpoint='work_dirs/attribute_celeba_paper',
                ),
                segmentation_embedder=dict(
                    config='{{ fileDirname }}/embedders/segmentation_helen_paper.py',
                    checkpoint='work_dirs/segmentation_helen_paper',
                ),
            )
        )
    )
)
