# CE, Pathak et al. 2016, for 256 px.
model = dict(
    type='ContextEncoder',
    generator=dict(type='ContextEncoderGenerator', image_size=256),
    discriminator=dict(type='ContextEncoderDiscriminator', image_size=256),
)
