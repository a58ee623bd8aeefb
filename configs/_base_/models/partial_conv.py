# PConv, Liu et al. 2018, for 256 px: one level less than theirs for 512 px. In the last fifth of
# 200,000 steps the encoder's batch norms stay as they are. The features of EfficientNet-lite0 are
# larger than those of VGG-16, so their weights are smaller. As in the paper:
# features=dict(type='VGG16Features', checkpoint=FILE, _delete_=True), weights=None.
model = dict(
    type='PartialConv',
    generator=dict(type='PartialConvUNet', levels=7),
    features=dict(type='EfficientNetLiteFeatures'),
    weights=dict(perceptual=0.005, style=0.5),
    phases=[
        dict(name='training', updates=['generator'], steps=160_000),
        dict(name='fine-tuning', updates=['generator'], frozen_norms=['encoder']),
    ],
)
