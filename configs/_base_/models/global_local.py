# GL, Iizuka et al. 2017, for 256 px. As in their training, the first 18 % of the steps are for the
# generator alone and the next 2 % for the discriminator alone: here of 200,000.
model = dict(
    type='GlobalLocal',
    generator=dict(type='GlobalLocalGenerator'),
    discriminator=dict(type='GlobalLocalDiscriminator', image_size=256),
    phases=[
        dict(name='generator', updates=['generator'], steps=36_000),
        dict(name='discriminator', updates=['discriminator'], steps=4_000),
        dict(name='joint', updates=['discriminator', 'generator']),
    ],
)
