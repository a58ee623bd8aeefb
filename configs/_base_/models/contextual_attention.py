# GntIpt, Yu et al. 2018, for 256 px.
model = dict(
    type='ContextualAttention',
    generator=dict(type='ContextualAttentionGenerator'),
    discriminator=dict(type='GlobalLocalCritic', image_size=256),
    phases=[dict(name='all', updates=['discriminator'] * 5 + ['generator'])],
)
