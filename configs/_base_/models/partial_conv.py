# PConv, Liu et al. 2018, for 256 px: one level less than theirs for 512 px. In the last fifth of
# the steps the encoder's batch norms keep their statistics. The features of EfficientNet-lite0 are
# larger than those of VGG-16, so their terms weigh less; 0.001 and 0.1 were better on validation
# faces than 0.005 and 0.5. As in the paper:
# features=dict(type='VGG16Features', checkpoint=FILE, _delete_=True), weights=None.
model = dict(
    type='PartialConv',
    generator=dict(type='PartialConvUNet', levels=7),
    features=dict(type='EfficientNetLiteFeatures'),
    weights=dict(perceptual=0.001, style=0.1),
    phases=[
        dict(name='training', updates=['generator'], share=0.8),
        dict(name='fine-tuning', updates=['generator'], frozen_norms=['encoder']),
    ],
)
