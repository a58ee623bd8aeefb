# GL, Iizuka et al. 2017, for 256 px. As in their training, the first 18 % of the steps are for the
# generator alone and the next 2 % for the discriminator alone.
model = dict(
    type='GlobalLocal',
    generator=dict(type='GlobalLocalGenerator'),
    discriminator=dict(type='GlobalLocalDiscriminator', image_size=256),
    phases=[
        dict(name='generator', updates=['generator'], share=0.18),
        dict(name='discriminator', updates=['discriminator'], share=0.02),
        dict(name='joint', updates=['discriminator', 'generator']),
    ],
)
