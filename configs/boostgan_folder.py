# Any folder of photographs: --cfg-options data_root=FOLDER. Wa and Ws read colour terms, which need
# no annotation; give model.*_embedder.config and .checkpoint for networks of your own.
_base_ = [
    '_base_/models/boostgan.py',
    '_base_/datasets/folder.py',
    '_base_/schedules/inpainting.py',
    '_base_/names/colours.py',
    '_base_/runtime.py',
]
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_folder.py',
        checkpoint='work_dirs/attribute_folder',
        attributes=_base_.attributes,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_folder.py',
        checkpoint='work_dirs/segmentation_folder',
        classes=_base_.regions,
    ),
)
