_base_ = [
    '../_base_/models/segmentation_unet.py',
    '../_base_/datasets/folder_regions.py',
    '../_base_/schedules/embedder.py',
    '../_base_/runtime.py',
]
default_scope = 'mmseg'
model = dict(
    data_preprocessor=dict(size=(256, 256)),
    decode_head=dict(num_classes=len(_base_.regions), loss_decode=dict(class_weight=None)),
)
