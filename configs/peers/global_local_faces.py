_base_ = [
    '../_base_/models/global_local.py', '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py', '../_base_/runtime.py'
]
model = dict(
    generator=dict(base_channels=32),
    discriminator=dict(image_size=64, base_channels=32, max_channels=128, features=256))
