# A small BoostGAN+ for 64 px, beside readers that complete.
_base_ = './boostgan_plus.py'
model = dict(
    generator=dict(channels=[64, 128, 192], dilations=[1, 2, 4]),
    discriminator=dict(channels=[48, 96, 192], segmentation_stage=2),
    perceptual=dict(
        attribute=['backbone.layer1', 'backbone.layer2', 'backbone.layer3'],
        segmentation=['backbone.stem', 'backbone.encoder.0', 'backbone.encoder.1']),
)
