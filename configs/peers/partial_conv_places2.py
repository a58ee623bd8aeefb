_base_ = [
    '../_base_/models/partial_conv.py', '../_base_/datasets/places2.py',
    '../_base_/schedules/inpainting.py', '../_base_/runtime.py'
]
_base_.optim_wrapper.pop('discriminator')
