# The paper's sizes at 256 px: M1 = 16, M2 = 4. N1 and the classes come with the embedders.
model = dict(
    type='BoostGAN',
    generator=dict(type='SemanticGenerator', segmentation_encoding='one_hot'),
    discriminator=dict(
        type='MultiLevelDiscriminator',
        overall=dict(type='GlobalDiscriminator', image_size=256),
        attribute=dict(type='AttributeDiscriminator', image_size=256),
        segmentation=dict(
            type='SegmentationDiscriminator', image_size=256, segmentation_encoding='one_hot'),
    ),
    attribute_embedder=dict(type='AttributeEmbedder'),
    segmentation_embedder=dict(type='SegmentationEmbedder'),
    loss=dict(type='BoostGANLoss', lambda_attribute=0.1, lambda_segmentation=0.1, beta=0.01),
)
