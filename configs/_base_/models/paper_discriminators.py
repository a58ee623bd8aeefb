# The paper's three discriminators, each with a network of its own, for 256 px; the map is one
# channel of labels.
paper_discriminators = dict(
    type='MultiLevelDiscriminator',
    overall=dict(type='GlobalDiscriminator', image_size=256),
    attribute=dict(type='AttributeDiscriminator', image_size=256),
    segmentation=dict(
        type='SegmentationDiscriminator', image_size=256, segmentation_encoding='label'))
