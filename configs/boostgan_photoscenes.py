# Photo scenes at 256 px: docs/data.md.
_base_ = [
    '_base_/models/boostgan.py', '_base_/datasets/photo_scenes.py',
    '_base_/schedules/inpainting.py', '_base_/runtime.py'
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_photoscenes.py',
        checkpoint='work_dirs/attribute_photoscenes', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_photoscenes.py',
        checkpoint='work_dirs/segmentation_photoscenes', classes=_base_.regions),
)
