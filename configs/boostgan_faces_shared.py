# As boostgan_faces.py, with one trunk for the three discriminators: what `make demo` trains.
_base_ = './boostgan_faces.py'
model = dict(
    discriminator=dict(
        _delete_=True, type='SharedTrunkDiscriminator', image_size=64, base_channels=32,
        max_channels=128, hidden_features=128, attribute=dict(),
        segmentation=dict(segmentation_encoding='one_hot')))
