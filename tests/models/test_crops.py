import pytest
import torch

from boostgan_plugin.models.crops import crop_around_hole


def slow_corner(mask, size):
    """Where the crop of one mask (H, W) starts, pixel by pixel."""
    height, width = mask.shape
    marked = [
        (row, column) for row in range(height) for column in range(width) if mask[row, column] == 1
    ]
    marked = marked or [(0, 0), (height - 1, width - 1)]
    corner = []
    for axis, length in enumerate((height, width)):
        places = [place[axis] for place in marked]
        start = (min(places) + max(places) + 1 - size) // 2
        corner.append(min(max(start, 0), length - size))
    return corner


def rectangles(count, height, width):
    """A hole of any size anywhere in each."""
    masks = torch.zeros(count, 1, height, width)
    for mask in masks[:, 0]:
        top, left = torch.randint(height, ()).item(), torch.randint(width, ()).item()
        rows, columns = torch.randint(1, 8, (2,)).tolist()
        mask[top : top + rows, left : left + columns] = 1
    return masks


@pytest.mark.parametrize(
    ('height', 'width', 'size'), [(16, 16, 8), (11, 19, 6), (19, 11, 5), (8, 12, 8)]
)
@pytest.mark.parametrize('shape', ['rectangle', 'scattered'])
def test_crops_agree_with_a_slow_reference(height, width, size, shape):
    masks = rectangles(40, height, width)
    if shape == 'scattered':
        masks *= torch.rand_like(masks).round()
    images = torch.rand(40, 3, height, width)
    crops = crop_around_hole(images, masks, size)
    for image, mask, crop in zip(images, masks[:, 0], crops, strict=True):
        top, left = slow_corner(mask, size)
        assert torch.equal(crop, image[:, top : top + size, left : left + size])


def test_the_hole_is_in_the_middle_of_its_crop():
    mask = torch.zeros(1, 1, 20, 20)
    mask[..., 9:13, 4:10] = 1
    crop = crop_around_hole(mask, mask, 8)[0, 0]
    assert crop.sum() == 24 and crop[2:6, 1:7].all()


@pytest.mark.parametrize(
    ('corner', 'start'), [((0, 0), (0, 0)), ((15, 15), (8, 8)), ((0, 15), (0, 8))]
)
def test_a_crop_stays_inside_the_image(corner, start):
    mask = torch.zeros(1, 1, 16, 16)
    mask[0, 0, corner[0], corner[1]] = 1
    places = torch.arange(256.0).view(1, 1, 16, 16)
    assert crop_around_hole(places, mask, 8)[0, 0, 0, 0] == 16 * start[0] + start[1]


def test_without_a_hole_the_centre_is_taken():
    images = torch.rand(2, 3, 12, 16)
    crops = crop_around_hole(images, torch.zeros(2, 1, 12, 16), 6)
    assert torch.equal(crops, images[:, :, 3:9, 5:11])


def test_gradients_reach_the_pixels_of_the_crop_and_no_others():
    images = torch.rand(1, 3, 10, 10, requires_grad=True)
    mask = torch.zeros(1, 1, 10, 10)
    mask[..., 3:5, 6:8] = 1
    crop_around_hole(images, mask, 4).sum().backward()
    expected = torch.zeros(1, 3, 10, 10)
    expected[..., 2:6, 5:9] = 1
    assert torch.equal(images.grad, expected)


def test_images_that_are_too_small_are_refused():
    with pytest.raises(ValueError, match='a crop of 9 x 9 from images of 8 x 12'):
        crop_around_hole(torch.zeros(1, 3, 8, 12), torch.zeros(1, 1, 8, 12), 9)
