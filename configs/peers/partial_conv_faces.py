_base_ = [
    '../_base_/models/partial_conv.py', '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py', '../_base_/runtime.py'
]
_base_.optim_wrapper.pop('discriminator')
model = dict(generator=dict(levels=5, base_channels=32, max_channels=256))
