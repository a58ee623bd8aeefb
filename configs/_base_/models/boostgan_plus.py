# BoostGAN+ at full size, for 256 px. N1 and the classes come with the embedders; the layers of the
# perceptual distance are those of the networks that read for nearly nothing.
model = dict(
    type='BoostGANPlus',
    generator=dict(
        type='ModulatedGenerator', channels=[64, 128, 256, 256], dilations=[1, 2, 4, 8]),
    discriminator=dict(
        type='PatchDiscriminator', channels=[64, 128, 256, 512], segmentation_stage=3,
        attribute=dict(), segmentation=dict(segmentation_encoding='probability')),
    attribute_embedder=dict(type='AttributeEmbedder'),
    segmentation_embedder=dict(type='SegmentationEmbedder', output='probability'),
    loss=dict(type='BoostGANPlusLoss'),
    perceptual=dict(
        type='SemanticPerceptualLoss',
        attribute=['backbone.layer3', 'backbone.layer6', 'backbone.layer12'],
        segmentation=['decode_head.convs.0', 'decode_head.convs.1']),
    told=0.3,
    told_samples=0.5,
)
