_base_ = [
    '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py',
    '../_base_/runtime.py',
]
model = dict(
    type='GlobalLocal',
    generator=dict(type='GlobalLocalGenerator', base_channels=32),
    discriminator=dict(
        type='GlobalLocalDiscriminator',
        image_size=64,
        base_channels=32,
        max_channels=128,
        features=256,
    ),
    phases=[
        dict(name='generator', updates=['generator'], ratio=0.18),
        dict(name='discriminator', updates=['discriminator'], ratio=0.02),
        dict(name='joint', updates=['discriminator', 'generator']),
    ],
)
