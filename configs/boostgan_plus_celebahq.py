# BoostGAN+ on CelebA-HQ at 256 px.
_base_ = [
    '_base_/models/boostgan_plus.py',
    '_base_/datasets/paper_data.py',
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
