_base_ = [
    '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py',
    '../_base_/runtime.py',
]
_base_.optim_wrapper.pop('discriminator')
model = dict(
    type='PartialConv',
    generator=dict(type='PartialConvUNet', levels=5, base_channels=32, max_channels=256),
    features=dict(type='EfficientNetLiteFeatures'),
    weights=dict(perceptual=0.001, style=0.1),
    phases=[
        dict(name='training', updates=['generator'], ratio=0.8),
        dict(name='fine-tuning', updates=['generator'], frozen_norms=['encoder']),
    ],
)
