# A small BoostGAN for 64 px with the paper's three discriminators, or with one trunk for them:
# --cfg-options discriminator=shared. With a downsample factor of 4, Iizuka's own, M1 is 16 here
# too.
_base_ = './boostgan.py'
small = dict(image_size=64, base_channels=32, max_channels=128, hidden_features=128)
model = dict(
    generator=dict(base_channels=32, max_channels=128, downsample_factor=4),
    discriminator=dict(
        _delete_=True,
        type='MultiLevelDiscriminator',
        overall=dict(type='GlobalDiscriminator', **small),
        attribute=dict(type='AttributeDiscriminator', **small),
        segmentation=dict(
            type='SegmentationDiscriminator', segmentation_encoding='one_hot', **small
        ),
    ),
)
choices = dict(
    discriminator=dict(
        shared=dict(
            model=dict(
                discriminator=dict(
                    _delete_=True,
                    type='SharedTrunkDiscriminator',
                    **small,
                    attribute=dict(),
                    segmentation=dict(segmentation_encoding='one_hot'),
                )
            )
        )
    )
)
