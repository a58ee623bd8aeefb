# BoostGAN+ for 64 px.
model = dict(
    type='BoostGANPlus',
    generator=dict(type='ModulatedGenerator'),
    discriminator=dict(
        type='PatchDiscriminator', attribute=dict(),
        segmentation=dict(segmentation_encoding='probability')),
    attribute_embedder=dict(type='AttributeEmbedder'),
    segmentation_embedder=dict(type='SegmentationEmbedder', output='probability'),
    loss=dict(type='BoostGANPlusLoss'),
    perceptual=dict(
        type='SemanticPerceptualLoss',
        attribute=['backbone.layer1', 'backbone.layer2', 'backbone.layer3'],
        segmentation=['backbone.stem', 'backbone.encoder.0', 'backbone.encoder.1']),
    told=0.3,
)
