# BoostGAN+ at full size, for 256 px, and how it is trained. N1 and the classes come with the
# embedders; the layers of the perceptual distance are those of the networks that read for nearly
# nothing.
_base_ = '../schedules/inpainting.py'
model = dict(
    type='BoostGANPlus',
    generator=dict(type='ModulatedGenerator', channels=[64, 128, 256, 256], dilations=[1, 2, 4, 8]),
    discriminator=dict(
        type='PatchDiscriminator',
        channels=[64, 128, 256, 512],
        segmentation_stage=3,
        attribute=dict(),
        segmentation=dict(segmentation_encoding='probability'),
    ),
    attribute_embedder=dict(type='AttributeEmbedder'),
    segmentation_embedder=dict(type='SegmentationEmbedder', output='probability'),
    loss=dict(type='BoostGANPlusLoss'),
    perceptual=dict(
        type='SemanticPerceptualLoss',
        attribute=['backbone.layer3', 'backbone.layer6', 'backbone.layer12'],
        segmentation=['decode_head.convs.0', 'decode_head.convs.1'],
    ),
    teacher_forcing_prob=0.3,
    teacher_forcing_sample_prob=0.5,
)
# Without norms in the generator, a higher rate or its first steps unwarmed end in saturation.
optim_wrapper = dict(
    generator=dict(optimizer=dict(betas=(0.9, 0.99)), clip_grad=dict(max_norm=1.0))
)
warm_up = dict(type='LinearLR', by_epoch=False, start_factor=0.02, end=60)
param_scheduler = [warm_up, dict(type='CosineAnnealingLR', by_epoch=False, begin=60, eta_min=1e-6)]
# For two CPU cores: a higher and faster decaying rate, a shorter average.
on_cpu = dict(
    optim_wrapper=dict(
        generator=dict(optimizer=dict(lr=5e-4)), discriminator=dict(optimizer=dict(lr=5e-4))
    ),
    param_scheduler=[
        warm_up,
        dict(type='CosineAnnealingLR', by_epoch=False, begin=60, eta_min=1e-5),
    ],
    custom_hooks=[*_base_.common_hooks, dict(type='GeneratorEMAHook', momentum=0.005)],
)
