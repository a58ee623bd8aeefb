_base_ = [
    '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py',
    '../_base_/runtime.py',
]
# Dilation 16 would reach beyond the 16 x 16 bottleneck; ELU would take a third of the time on CPU.
# The critics' scores are unbounded and stay in float32.
model = dict(
    type='ContextualAttention',
    generator=dict(
        type='ContextualAttentionGenerator',
        base_channels=16,
        dilations=[2, 4, 8],
        act_cfg=dict(type='LeakyReLU', negative_slope=0.2),
    ),
    discriminator=dict(type='GlobalLocalCritic', image_size=64, base_channels=32, max_channels=128),
    phases=[dict(name='all', updates=['discriminator', 'generator'])],
)
optim_wrapper = dict(
    discriminator=dict(type='OptimWrapper', optimizer=dict(lr=1e-4, betas=(0.5, 0.9)))
)
