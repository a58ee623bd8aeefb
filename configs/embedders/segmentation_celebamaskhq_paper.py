_base_ = [
    '../_base_/models/segmentation_pspnet.py', '../_base_/datasets/celebamaskhq.py',
    '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmseg'
optim_wrapper = dict(optimizer=dict(lr=3e-4))
model = dict(
    decode_head=dict(num_classes=len(_base_.regions)),
    auxiliary_head=dict(num_classes=len(_base_.regions)))
