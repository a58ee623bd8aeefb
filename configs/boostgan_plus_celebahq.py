# BoostGAN+ on CelebA-HQ at 256 px.
_base_ = [
    '_base_/models/boostgan_plus.py', '_base_/datasets/celebahq.py',
    '_base_/schedules/inpainting_plus.py', '_base_/names/faces.py', '_base_/runtime.py'
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_celeba_fast.py',
        checkpoint='work_dirs/attribute_celeba_fast', attributes=_base_.attributes),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_helen_fast.py',
        checkpoint='work_dirs/segmentation_helen_fast', classes=_base_.regions),
)
