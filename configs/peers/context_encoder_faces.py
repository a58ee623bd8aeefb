_base_ = [
    '../_base_/models/context_encoder.py', '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py', '../_base_/runtime.py'
]
small = dict(image_size=64, base_channels=32, max_channels=256)
model = dict(generator=small, discriminator=small)
