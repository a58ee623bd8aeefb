"""Channels of networks that halve an image down to a small feature map."""

#: The side of the last feature map; M2 of the paper.
FEATURE_SIZE = 4


def halving_widths(image_size: int, base_channels: int, max_channels: int) -> list[int]:
    """Channels after each stride-2 layer that leads from ``image_size`` to 4.

    Raises:
        ValueError: ``image_size`` is not 4 times a power of two.
    """
    layers = (image_size // FEATURE_SIZE).bit_length() - 1
    if layers < 1 or FEATURE_SIZE * 2**layers != image_size:
        raise ValueError(
            f'image_size={image_size} is not 4 times a power of two (8, 16, ..., 64, 128, 256, 512)'
        )
    return [min(base_channels * 2**i, max_channels) for i in range(layers)]
