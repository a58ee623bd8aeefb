# GL, Iizuka et al. 2017, at 256 px, for any folder, or d0 of the paper: --cfg-options data=celebahq
# or data=places2. As in their training, the first 18 % of the steps are for the generator alone and
# the next 2 % for the discriminator alone.
_base_ = [
    '../_base_/datasets/paper_data.py',
    '../_base_/schedules/inpainting.py',
    '../_base_/runtime.py',
]
choices = dict(data=dict(celebahq=_base_.celebahq, places2=_base_.places2))
model = dict(
    type='GlobalLocal',
    generator=dict(type='GlobalLocalGenerator'),
    discriminator=dict(type='GlobalLocalDiscriminator', image_size=256),
    phases=[
        dict(name='generator', updates=['generator'], ratio=0.18),
        dict(name='discriminator', updates=['discriminator'], ratio=0.02),
        dict(name='joint', updates=['discriminator', 'generator']),
    ],
)
