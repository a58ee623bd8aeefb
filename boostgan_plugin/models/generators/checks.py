"""What generators that are told semantics refuse."""

from torch import Tensor


def check_inputs(
    masked_img: Tensor, attributes: Tensor, downsample_factor: int, num_attributes: int
) -> None:
    """Images (N, 3, H, W) and attribute vectors (N, N1) have to fit the generator.

    Raises:
        ValueError: sides that the factor does not divide, or an attribute vector of another
            length.
    """
    height, width = masked_img.shape[2:]
    if height % downsample_factor or width % downsample_factor:
        raise ValueError(
            f'image sides {height} x {width} are not multiples of the downsample '
            f'factor {downsample_factor}'
        )
    if attributes.shape[1] != num_attributes:
        raise ValueError(
            f'attribute vector of length {attributes.shape[1]}, the generator '
            f'was built for num_attributes={num_attributes}'
        )
