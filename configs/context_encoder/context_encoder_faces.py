_base_ = [
    '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py',
    '../_base_/runtime.py',
]
small = dict(image_size=64, base_channels=32, max_channels=256)
model = dict(
    type='ContextEncoder',
    generator=dict(type='ContextEncoderGenerator', **small),
    discriminator=dict(type='ContextEncoderDiscriminator', **small),
)
