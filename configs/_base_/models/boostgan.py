# Full size at 256 px: M1 = 16, M2 = 4. N1 and the classes come with the embedders. What the three
# discriminators compute on the image is shared.
model = dict(
    type='BoostGAN',
    generator=dict(type='SemanticGenerator', segmentation_encoding='one_hot'),
    discriminator=dict(
        type='SharedTrunkDiscriminator',
        image_size=256,
        max_channels=256,
        attribute=dict(),
        segmentation=dict(segmentation_encoding='one_hot'),
    ),
    attribute_embedder=dict(type='AttributeEmbedder'),
    segmentation_embedder=dict(type='SegmentationEmbedder'),
    loss=dict(type='BoostGANLoss', lambda_attribute=0.1, lambda_segmentation=0.1, beta=0.01),
)
# The paper's three discriminators, each with a network of its own; the map is one channel of
# labels.
paper_discriminators = dict(
    type='MultiLevelDiscriminator',
    overall=dict(type='GlobalDiscriminator', image_size=256),
    attribute=dict(type='AttributeDiscriminator', image_size=256),
    segmentation=dict(
        type='SegmentationDiscriminator', image_size=256, segmentation_encoding='label'
    ),
)
