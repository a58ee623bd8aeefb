# PConv, Liu et al. 2018, at 256 px, for any folder, or d0 of the paper: --cfg-options data=celebahq
# or data=places2. One level less than theirs for 512 px. In the last fifth of
# the steps the encoder's batch norms keep their statistics. The features of EfficientNet-lite0 are
# larger than those of VGG-16, so their terms weigh less; 0.001 and 0.1 were better on validation
# faces than 0.005 and 0.5. As in the paper:
# features=dict(type='VGG16Features', checkpoint=FILE, _delete_=True), weights=None.
_base_ = [
    '../_base_/datasets/paper_data.py',
    '../_base_/schedules/inpainting.py',
    '../_base_/runtime.py',
]
choices = dict(data=dict(celebahq=_base_.celebahq, places2=_base_.places2))
_base_.optim_wrapper.pop('discriminator')
model = dict(
    type='PartialConv',
    generator=dict(type='PartialConvUNet', levels=7),
    features=dict(type='EfficientNetLiteFeatures'),
    weights=dict(perceptual=0.001, style=0.1),
    phases=[
        dict(name='training', updates=['generator'], ratio=0.8),
        dict(name='fine-tuning', updates=['generator'], frozen_norms=['encoder']),
    ],
)
