# GntIpt, Yu et al. 2018, for 256 px.
model = dict(
    type='ContextualAttention',
    generator=dict(type='ContextualAttentionGenerator'),
    discriminator=dict(type='GlobalLocalCritic', image_size=256),
)
