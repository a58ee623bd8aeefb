# GntIpt, Yu et al. 2018, at 256 px, for any folder, or d0 of the paper: --cfg-options data=celebahq
# or data=places2.
_base_ = [
    '../_base_/datasets/paper_data.py',
    '../_base_/schedules/inpainting.py',
    '../_base_/runtime.py',
]
choices = dict(data=dict(celebahq=_base_.celebahq, places2=_base_.places2))
model = dict(
    type='ContextualAttention',
    generator=dict(type='ContextualAttentionGenerator'),
    discriminator=dict(type='GlobalLocalCritic', image_size=256),
)
