_base_ = [
    '../_base_/models/segmentation_segformer.py', '../_base_/datasets/ade20k.py',
    '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmseg'
train_cfg = dict(max_iters=160_000, val_interval=16_000)
model = dict(decode_head=dict(num_classes=len(_base_.regions)))
