_base_ = [
    '../_base_/models/segmentation_segformer.py', '../_base_/datasets/helen.py',
    '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmseg'
model = dict(decode_head=dict(num_classes=len(_base_.regions)))
