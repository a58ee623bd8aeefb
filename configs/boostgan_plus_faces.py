# BoostGAN+ on 64 px rendered faces: as many steps of as many images as boostgan_faces.py.
_base_ = [
    '_base_/models/boostgan_plus_64px.py', '_base_/datasets/faces.py',
    '_base_/schedules/inpainting_plus_cpu.py', '_base_/names/faces.py', '_base_/runtime.py'
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_faces_plus.py',
        checkpoint='work_dirs/attribute_faces_plus', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces_plus.py',
        checkpoint='work_dirs/segmentation_faces_plus', classes=_base_.regions,
        # As in the embedder's loss.
        class_weight=[0.6, 1.2, 7.4, 7.4, 6.9, 6.9, 3.8, 7.9, 12, 6.4, 1.1]),
)
