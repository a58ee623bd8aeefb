# The embedded default: 64 px rendered faces, a schedule for two CPU cores.
_base_ = [
    '_base_/models/boostgan_64px.py',
    '_base_/datasets/faces.py',
    '_base_/schedules/inpainting_cpu.py',
    '_base_/names/faces.py',
    '_base_/runtime.py',
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_faces.py',
        checkpoint='work_dirs/attribute_faces',
        attributes=_base_.attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces.py',
        checkpoint='work_dirs/segmentation_faces',
        classes=_base_.regions,
    ),
)
