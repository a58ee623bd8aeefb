# A small BoostGAN for 64 px. With a downsample factor of 4, Iizuka's own, M1 is 16 here too.
_base_ = './boostgan.py'
small = dict(image_size=64, base_channels=32, max_channels=128, hidden_features=128)
model = dict(
    generator=dict(base_channels=32, max_channels=128, downsample_factor=4),
    discriminator=dict(overall=small, attribute=small, segmentation=small),
)
