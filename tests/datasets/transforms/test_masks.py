import cv2
import numpy as np
import pytest

from boostgan_plugin.datasets import (
    ApplyMask,
    AttributePlanes,
    BlobMask,
    CenterMask,
    FreeFormMask,
    IgnoreKnownLabels,
    LoadMask,
    PartMask,
    RandomRectangleMask,
)


def sample(height=256, width=256, index=0):
    return dict(
        img=np.full((height, width, 3), 200, np.uint8), img_path='photos/cat.jpg', sample_idx=index
    )


def extent(mask):
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def test_rectangle_has_the_papers_sides():
    sides = []
    for _ in range(300):
        mask = RandomRectangleMask()(sample())['mask']
        height, width = extent(mask)
        assert mask.sum() == height * width
        sides += [height, width]
    assert min(sides) >= 80 and max(sides) <= 160
    assert min(sides) < 90 and max(sides) > 150


def test_rectangle_scales_with_the_image():
    masks = [RandomRectangleMask()(sample(64, 96))['mask'] for _ in range(200)]
    sides = [side for mask in masks for side in extent(mask)]
    assert min(sides) >= 20 and max(sides) <= 40


def test_rectangle_reaches_every_place():
    np.random.seed(0)
    covered = sum(RandomRectangleMask()(sample(32, 32))['mask'].astype(int) for _ in range(3000))
    assert covered.min() > 0


@pytest.mark.parametrize('mask', [RandomRectangleMask, FreeFormMask, BlobMask])
def test_seeded_masks_depend_on_seed_and_index_alone(mask):
    first = mask(seed=3)(sample(index=5))['mask']
    np.random.rand(7)
    assert np.array_equal(first, mask(seed=3)(sample(index=5))['mask'])
    assert not np.array_equal(first, mask(seed=3)(sample(index=6))['mask'])
    assert not np.array_equal(first, mask(seed=4)(sample(index=5))['mask'])


@pytest.mark.parametrize('mask', [RandomRectangleMask, FreeFormMask, BlobMask])
def test_training_masks_follow_numpys_seed(mask):
    np.random.seed(1)
    first = [mask()(sample())['mask'] for _ in range(2)]
    np.random.seed(1)
    second = [mask()(sample())['mask'] for _ in range(2)]
    assert np.array_equal(first, second)
    assert not np.array_equal(*first)


def test_probability():
    empty = [
        not RandomRectangleMask(probability=0.25)(sample(32, 32))['mask'].any() for _ in range(400)
    ]
    assert 0.65 < np.mean(empty) < 0.85


def test_blobs_are_one_piece_of_about_the_sides():
    for index in range(30):
        mask = BlobMask(sides=(0.3, 0.5), seed=0)(sample(100, 140, index))['mask']
        assert mask.shape == (100, 140) and mask.dtype == np.uint8
        assert cv2.connectedComponents(mask)[0] == 2
        assert max(extent(mask)) < 100
        assert 100 < mask.sum() < 0.6 * mask.size


@pytest.mark.parametrize(('height', 'width'), [(64, 64), (37, 90), (5, 5)])
def test_free_form_has_a_hole_and_known_pixels(height, width):
    for index in range(30):
        mask = FreeFormMask(seed=0)(sample(height, width, index))['mask']
        assert mask.shape == (height, width) and mask.dtype == np.uint8
        assert set(np.unique(mask)) <= {0, 1}
        assert mask.any()


def test_center_mask():
    mask = CenterMask()(sample())['mask']
    assert mask[64:192, 64:192].all() and mask.sum() == 128 * 128


@pytest.mark.parametrize(
    'wrong', [lambda: RandomRectangleMask(sides=(80, 160)), lambda: CenterMask(side=128)]
)
def test_sides_in_pixels_are_refused(wrong):
    with pytest.raises(ValueError, match='fraction'):
        wrong()


def test_mask_file_is_white_for_hole_above_127(tmp_path):
    grey = np.zeros((256, 256), np.uint8)
    grey[0, :3] = 127, 128, 255
    cv2.imwrite(str(tmp_path / 'cat.png'), grey)
    mask = LoadMask(str(tmp_path))(sample())['mask']
    assert mask[0, :3].tolist() == [0, 1, 1] and mask.sum() == 2
    own = dict(sample(), mask_path=str(tmp_path / 'cat.png'))
    assert np.array_equal(LoadMask()(own)['mask'], mask)


def test_in_a_mask_file_of_zeros_and_ones_one_is_the_hole(tmp_path):
    grey = np.zeros((256, 256), np.uint8)
    grey[:9, :5] = 1
    cv2.imwrite(str(tmp_path / 'cat.png'), grey)
    assert np.array_equal(LoadMask(str(tmp_path))(sample())['mask'], grey)
    own = dict(sample(), mask_path=str(tmp_path / 'cat.jpg'))
    cv2.imwrite(own['mask_path'], np.ones_like(grey))  # These may be specks.
    assert not LoadMask()(own)['mask'].any()


def test_mask_errors_name_the_files(tmp_path):
    cv2.imwrite(str(tmp_path / 'dog.png'), np.zeros((4, 4), np.uint8))
    with pytest.raises(FileNotFoundError, match=r'no mask for photos/cat.jpg: expected .*cat.png'):
        LoadMask(str(tmp_path))(sample())
    cv2.imwrite(str(tmp_path / 'cat.png'), np.zeros((4, 6), np.uint8))
    with pytest.raises(ValueError, match=r'cat.png is 6 x 4, .* photos/cat.jpg is 256 x 256'):
        LoadMask(str(tmp_path))(sample())
    with pytest.raises(FileNotFoundError, match='mask folder .*nowhere does not exist'):
        LoadMask(str(tmp_path / 'nowhere'))
    cv2.imwrite(str(tmp_path / 'cat.bmp'), np.zeros((4, 4), np.uint8))
    with pytest.raises(ValueError, match=r'cat.bmp and .*cat.png are masks of one name'):
        LoadMask(str(tmp_path))


def test_erase_hole_is_zero_in_unit_range():
    results = ApplyMask()(CenterMask()(sample()))
    assert 'mask' not in results
    assert results['img'][128, 128].tolist() == [127.5] * 3
    assert results['img'][0, 0].tolist() == [200] * 3


def test_planes_say_yes_no_or_nothing():
    np.random.seed(0)
    answers = np.array([1, 0, 1, 0], np.float32)
    said = []
    for _ in range(400):
        image = AttributePlanes(samples=0.5, ratio=0.8)(dict(sample(6, 7), gt_score=answers))['img']
        assert image.shape == (6, 7, 7) and (image[..., :3] == 200).all()
        planes = image[..., 3:].reshape(-1, 4)
        assert (planes == planes[0]).all()
        assert ((planes[0] == 255 * answers) | (planes[0] == 127.5)).all()
        said.append(planes[0] != 127.5)
    said = np.array(said)
    assert abs(said.any(1).mean() - 0.5) < 0.08
    assert abs(said[said.any(1)].mean() - 0.8) < 0.05
    with pytest.raises(ValueError, match='ratio=2'):
        AttributePlanes(ratio=2)


def test_what_a_sample_tells_is_said_in_any_case():
    told = np.array([-1, 0, -1, 1], np.float32)
    answers = np.array([1, 0, 0, 1], np.float32)
    results = dict(sample(2, 3), gt_score=answers, told_attributes=told)
    image = AttributePlanes(samples=0)(results)['img']
    assert image[0, 0, 3:].tolist() == [127.5, 0, 127.5, 255]


def labelled(height=100, width=120):
    """Two eyes of class 1 and a mouth of class 2."""
    labels = np.zeros((height, width), np.uint8)
    labels[30:34, 20:30] = labels[36:40, 60:70] = 1
    labels[80:90, 40:60] = 2
    return dict(sample(height, width), gt_seg_map=labels)


def test_known_labels_are_ignored():
    results = CenterMask(side=0.5)(labelled())
    kept = IgnoreKnownLabels()(results)['gt_seg_map']
    inside = results['mask'] == 1
    assert np.array_equal(kept[inside], labelled()['gt_seg_map'][inside])
    assert (kept[~inside] == 255).all()


NAMED = ('skin', 'eye', 'mouth')


def test_a_box_holds_all_of_the_parts_and_the_margin():
    mask = PartMask(['eye'], NAMED, margin=0.05)(labelled())['mask']
    assert mask.dtype == np.uint8
    assert mask[25:45, 15:75].all() and mask.sum() == 20 * 60
    both = PartMask(['mouth', 'eye'], NAMED, margin=0)(labelled())['mask']
    assert both[30:90, 20:70].all() and both.sum() == 60 * 50


def test_a_region_is_the_parts_outline_grown_by_the_margin():
    results = labelled()
    exact = PartMask(['eye'], NAMED, margin=0, shape='region')(results)['mask']
    assert np.array_equal(exact, results['gt_seg_map'] == 1)
    grown = PartMask(['eye'], NAMED, margin=0.03, shape='region')(results)['mask']
    assert grown[27:37, 20:30].all() and not grown[:27].any() and not grown[:, 33:57].any()
    assert not grown[27, 17], 'corners are round'


def test_a_part_at_the_border_or_not_there():
    results = labelled()
    results['gt_seg_map'][:] = 0
    assert not PartMask(['eye'], NAMED)(results)['mask'].any()
    results['gt_seg_map'][0, 0] = 1
    mask = PartMask(['eye'], NAMED, margin=0.1)(results)['mask']
    assert mask[:11, :11].all() and mask.sum() == 11 * 11


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(parts=['nose']), 'some of the classes skin, eye, mouth'),
        (dict(parts=[]), 'some of the classes'),
        (dict(parts=['eye'], shape='round'), "choose 'box' or 'region'"),
        (dict(parts=['eye'], margin=-0.1), 'at least 0'),
    ],
)
def test_parts_that_cannot_be_masked(options, message):
    with pytest.raises(ValueError, match=message):
        PartMask(classes=NAMED, **options)


def test_parts_need_labels():
    with pytest.raises(ValueError, match='photos/cat.jpg has no gt_seg_map'):
        PartMask(['eye'], NAMED)(sample())
