import cv2
import numpy as np
from PIL import Image, ImageCms, ImageOps, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational
import pytest
import tifffile

from boostgan_plugin.inference import images
from boostgan_plugin.inference.images import (
    ImageData,
    from_rgb,
    open_image,
    paste,
    save_image,
    to_bytes,
    to_rgb,
)

RNG = np.random.default_rng(0)
KINDS = [
    (shape, dtype)
    for shape in ((9, 7), (9, 7, 1), (9, 7, 3), (9, 7, 4))
    for dtype in ('uint8', 'uint16', 'float16', 'float32', 'float64')
]


def random_pixels(shape, dtype):
    if np.dtype(dtype).kind == 'f':
        return RNG.random(shape).astype(dtype)
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


@pytest.mark.parametrize('shape, dtype', KINDS)
def test_paste_changes_the_colours_of_the_hole_and_nothing_else(shape, dtype):
    before = random_pixels(shape, dtype)
    hole = RNG.random((9, 7)) < 0.3
    after, rgb = before.copy(), RNG.random((9, 7, 3)).astype(np.float32)
    paste(after, rgb, hole)
    assert np.array_equal(after[~hole], before[~hole])
    colours = from_rgb(rgb[hole], before)
    if len(shape) == 3 and shape[2] == 4:
        assert np.array_equal(after[hole][:, 3], before[hole][:, 3]), 'alpha is kept'
    assert np.array_equal(after[hole].reshape(hole.sum(), -1)[:, : colours.shape[1]], colours)


@pytest.mark.parametrize('dtype', ['uint8', 'uint16', 'float32'])
def test_colours_survive_the_way_to_rgb_and_back(dtype):
    pixels = random_pixels((9, 7, 3), dtype)
    assert np.array_equal(from_rgb(to_rgb(pixels), pixels), pixels)
    grey = random_pixels((9, 7), dtype)
    back = from_rgb(to_rgb(grey), grey)[..., 0]
    assert np.abs(back.astype(float) - grey).max() <= (1e-6 if dtype == 'float32' else 1)


def test_bytes_are_rounded_whatever_the_depth():
    assert to_bytes(np.full((1, 1), 32768, np.uint16)).tolist() == [[[128] * 3]]
    assert to_bytes(np.full((1, 1, 4), 0.5)).tolist() == [[[128] * 3]]


@pytest.mark.parametrize(
    'extension, shape, dtype',
    [
        ('png', (9, 7), 'uint8'),
        ('png', (9, 7, 3), 'uint16'),
        ('png', (9, 7, 4), 'uint16'),
        ('tiff', (9, 7, 3), 'uint16'),
        ('tiff', (9, 7), 'float32'),
        ('webp', (9, 7, 3), 'uint8'),
        ('bmp', (9, 7, 3), 'uint8'),
        ('tiff', (9, 7, 4), 'uint8'),
        ('tiff', (9, 7, 4), 'float32'),
        ('webp', (9, 7, 4), 'uint8'),
        ('avif', (9, 7, 3), 'uint8'),
        ('jp2', (9, 7, 3), 'uint8'),
    ],
)
def test_files_keep_depth_channels_and_the_order_of_colours(tmp_path, extension, shape, dtype):
    pixels = random_pixels(shape, dtype)
    path = tmp_path / f'new/folder/a.{extension}'
    save_image(ImageData(pixels), path)
    again = open_image(path).pixels
    assert again.dtype == dtype and again.shape == shape
    assert np.array_equal(again, pixels)
    assert [file.name for file in path.parent.iterdir()] == [path.name], 'no part is left'


def test_red_is_red(tmp_path):
    Image.new('RGB', (4, 3), (255, 0, 0)).save(tmp_path / 'red.png')
    assert open_image(tmp_path / 'red.png').pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    'extension, options',
    [('png', {}), ('tiff', {}), ('webp', dict(lossless=True)), ('jpg', dict(quality=95))],
)
@pytest.mark.parametrize('orientation', range(1, 9))
def test_files_are_turned_as_their_exif_data_says(tmp_path, extension, options, orientation):
    pixels = np.zeros((48, 32, 3), np.uint8)
    pixels[:24, :8] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f'a.{extension}'
    Image.fromarray(pixels).save(path, exif=exif, **options)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(path)))
    image = open_image(path)
    assert image.pixels.shape == upright.shape
    assert np.abs(image.pixels.astype(int) - upright).max() <= (8 if extension == 'jpg' else 0)
    save_image(image, tmp_path / 'b.png')
    assert Image.open(tmp_path / 'b.png').getexif().get(0x0112, 1) == 1


def test_the_colour_profile_is_kept(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
    image = Image.fromarray(random_pixels((9, 7, 3), 'uint8'))
    for extension in ('png', 'jpg', 'jfif', 'webp', 'tiff', 'avif'):
        image.save(tmp_path / f'a.{extension}', icc_profile=profile)
        save_image(open_image(tmp_path / f'a.{extension}'), tmp_path / f'b.{extension}')
        assert Image.open(tmp_path / f'b.{extension}').info['icc_profile'] == profile


@pytest.mark.parametrize(
    'name, content, words',
    [
        ('broken.png', b'\x89PNG\r\n\x1a\nnothing', 'cannot be decoded'),
        ('empty.jpg', b'', 'cannot be decoded'),
        ('text.png', b'hello', 'cannot be decoded'),
    ],
)
def test_broken_files_are_refused(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=f'{name}.*{words}'):
        open_image(tmp_path / name)


def test_a_missing_file_and_an_animation_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match='does not exist'):
        open_image(tmp_path / 'none.png')
    frames = [Image.new('RGB', (4, 4), colour) for colour in ('red', 'green', 'blue')]
    frames[0].save(tmp_path / 'a.gif', save_all=True, append_images=frames[1:])
    with pytest.raises(ValueError, match='frames'):
        open_image(tmp_path / 'a.gif')


@pytest.mark.parametrize(
    'pixels, words',
    [
        (np.zeros((4, 4, 2), np.uint8), '1, 3 or 4 channels'),
        (np.zeros((4,), np.uint8), 'shape'),
        (np.zeros((0, 4), np.uint8), 'shape'),
        (np.zeros((4, 4), np.int32), 'int32'),
        (np.zeros((4, 4), bool), 'bool'),
        (np.full((4, 4), 200.0), 'white point'),
        (np.full((4, 4), np.nan), 'not a number'),
        (np.full((4, 4), -0.1), 'outside'),
    ],
)
def test_arrays_that_are_no_images_are_refused(pixels, words):
    with pytest.raises(ValueError, match=words):
        open_image(pixels)


def test_something_else_is_refused():
    with pytest.raises(TypeError, match='image 3.*NoneType'):
        open_image(None, 'image 3')


@pytest.mark.parametrize(
    'name, pixels',
    [
        ('a.jpg', random_pixels((9, 7, 3), 'uint16')),
        ('a.jpg', random_pixels((9, 7, 4), 'uint8')),
        ('a.xyz', random_pixels((9, 7, 3), 'uint8')),
        ('a.png', random_pixels((9, 7, 3), 'float32')),
    ],
)
def test_a_format_that_cannot_hold_the_pixels_is_refused(tmp_path, name, pixels):
    with pytest.raises(ValueError, match=r'choose \.png or \.tiff'):
        save_image(ImageData(pixels), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_photo_with_a_preview_is_no_animation(tmp_path):
    photo, preview = (Image.fromarray(random_pixels((32, 48, 3), 'uint8')) for _ in range(2))
    photo.save(tmp_path / 'a.jpg', format='MPO', save_all=True, append_images=[preview])
    assert Image.open(tmp_path / 'a.jpg').n_frames == 2
    assert open_image(tmp_path / 'a.jpg').size == (32, 48)


def test_a_photo_without_its_end_is_refused(tmp_path):
    Image.fromarray(random_pixels((64, 64, 3), 'uint8')).save(tmp_path / 'a.jpg', quality=95)
    whole = (tmp_path / 'a.jpg').read_bytes()
    (tmp_path / 'a.jpg').write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match='end is missing'):
        open_image(tmp_path / 'a.jpg')


def test_damage_is_told_in_words_wherever_it_is(tmp_path):
    rng, image = np.random.default_rng(0), Image.fromarray(random_pixels((24, 24, 3), 'uint8'))
    for extension in ('png', 'jpg', 'tiff', 'webp', 'bmp'):
        image.save(tmp_path / f'a.{extension}')
        whole = np.fromfile(tmp_path / f'a.{extension}', np.uint8)
        for _ in range(40):
            damaged = whole.copy()
            damaged[rng.integers(0, len(whole), 6)] = rng.integers(0, 256, 6)
            damaged.tofile(tmp_path / f'a.{extension}')
            try:
                open_image(tmp_path / f'a.{extension}')
            except ValueError as error:
                assert f'a.{extension}' in str(error)


def test_alpha_that_would_be_lost_is_refused_and_that_of_cmyk_is_none(tmp_path):
    Image.fromarray(random_pixels((8, 9, 2), 'uint8'), 'LA').save(tmp_path / 'la.tif')
    with pytest.raises(ValueError, match='alpha'):
        open_image(tmp_path / 'la.tif')
    Image.new('CMYK', (9, 8)).save(tmp_path / 'cmyk.tif')
    assert open_image(tmp_path / 'cmyk.tif').pixels.shape == (8, 9, 3)


def test_a_profile_for_other_colours_is_left_out(tmp_path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile('LAB')).tobytes()
    Image.fromarray(random_pixels((8, 9, 3), 'uint8')).save(tmp_path / 'a.png', icc_profile=lab)
    assert open_image(tmp_path / 'a.png').profile is None


@pytest.mark.parametrize(
    'pixels', [random_pixels((9, 7, 1), 'uint8'), random_pixels((9, 7, 3), 'uint16').astype('>u2')]
)
def test_every_array_that_is_taken_can_be_written(tmp_path, pixels):
    save_image(ImageData(pixels), tmp_path / 'a.png')
    assert np.array_equal(open_image(tmp_path / 'a.png').pixels.squeeze(), pixels.squeeze())


def test_the_luma_is_that_of_opencv():
    rgb = random_pixels((9, 7, 3), 'uint8')
    ours = from_rgb(to_rgb(rgb), np.zeros((1, 1), np.uint8))[..., 0]
    assert np.abs(ours.astype(int) - cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)).max() <= 1


@pytest.mark.parametrize('name', ['a.gif', 'a.hdr', 'a.pic', 'a.pbm', 'a'])
def test_formats_that_change_known_pixels_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match=r'choose \.png or \.tiff'):
        save_image(ImageData(random_pixels((9, 7, 3), 'uint8')), tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('dtype', ['uint8', 'uint16'])
@pytest.mark.parametrize('kind', ['assocalpha', 'unassalpha'])
def test_alpha_of_tiff_files_stays_of_its_kind_bit_for_bit(tmp_path, kind, dtype):
    pixels = random_pixels((9, 7, 4), dtype)
    if kind == 'assocalpha':
        pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])
    tifffile.imwrite(tmp_path / 'a.tiff', pixels, photometric='rgb', extrasamples=[kind])
    image = open_image(tmp_path / 'a.tiff')
    if kind == 'unassalpha':
        assert np.array_equal(image.pixels, pixels)
    else:
        white = np.iinfo(dtype).max
        straight = pixels[..., :3] / np.maximum(pixels[..., 3:], 1) * white
        assert np.abs(image.pixels[..., :3] - straight).max() <= 1
    save_image(image, tmp_path / 'b.tiff')
    with tifffile.TiffFile(tmp_path / 'b.tiff') as file:
        assert file.pages[0].extrasamples == (tifffile.EXTRASAMPLE[kind.upper()],)
        assert np.array_equal(file.asarray(), pixels)


def test_premultiplied_alpha_that_would_not_come_back_is_refused(tmp_path):
    for pixels in (np.full((9, 7, 4), 0.5, np.float32), np.full((9, 7, 4), [9, 9, 9, 8], 'uint8')):
        tifffile.imwrite(
            tmp_path / 'a.tiff', pixels, photometric='rgb', extrasamples=['assocalpha']
        )
        with pytest.raises(ValueError, match='unassociated'):
            open_image(tmp_path / 'a.tiff')


@pytest.mark.parametrize('orientation', [1, 6])
def test_alpha_of_tiff_files_is_turned_with_them(tmp_path, orientation):
    pixels, exif = random_pixels((9, 7, 4), 'uint8'), Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(tmp_path / 'a.tiff', exif=exif)
    upright = pixels if orientation == 1 else np.rot90(pixels, -1)
    assert np.array_equal(open_image(tmp_path / 'a.tiff').pixels, upright)


@pytest.mark.parametrize('before', ['png', 'jpg', 'tiff', 'webp'])
@pytest.mark.parametrize('after', ['png', 'jpg', 'tiff', 'webp', 'avif'])
def test_notes_are_kept_in_every_format_that_holds_them(tmp_path, before, after):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, 'Camera'
    exif.get_ifd(0x8769).update({0x829A: IFDRational(1, 2), 0x9003: '2020:01:01 00:00:00'})
    exif.get_ifd(0x8825)[1] = 'N'
    xmp = b'<x:xmpmeta tiff:Orientation="6"/>'
    if before == 'tiff':
        exif[700] = xmp
    Image.fromarray(random_pixels((9, 7, 3), 'uint8')).save(
        tmp_path / f'a.{before}',
        exif=exif.tobytes(),
        dpi=(300, 200),
        **({} if before in ('png', 'tiff') else dict(xmp=xmp)),
    )
    save_image(open_image(tmp_path / f'a.{before}'), tmp_path / f'b.{after}')
    with Image.open(tmp_path / f'b.{after}') as image:
        image.load()
        told = image.getexif()
        assert told.get(0x0112, 1) == 1 and told[0x010F] == 'Camera'
        assert told.get_ifd(0x8769)[0x829A] == 0.5
        assert told.get_ifd(0x8769)[0x9003] == '2020:01:01 00:00:00'
        assert told.get_ifd(0x8825)[1] == 'N'
        if before != 'png':
            assert image.info['xmp'].rstrip(b'\0') == b'<x:xmpmeta tiff:Orientation="1"/>'
        if before not in ('webp', 'avif') and after not in ('webp', 'avif'):
            assert np.allclose(np.float64(image.info['dpi']), (200, 300), atol=0.1), 'turned'


@pytest.mark.parametrize(
    'shape, dtype', [((9, 7), 'uint16'), ((9, 7, 3), 'uint16'), ((9, 7, 3), 'float32')]
)
def test_notes_of_deep_tiff_files_are_kept(tmp_path, shape, dtype):
    notes = open_image(_with_notes(tmp_path)).notes
    pixels = random_pixels(shape, dtype)
    save_image(ImageData(pixels, notes=notes), tmp_path / 'b.tiff')
    with tifffile.TiffFile(tmp_path / 'b.tiff') as file:
        assert file.pages[0].tags[0x010F].value == 'Camera'
        assert file.pages[0].tags[0x8769].value['ExposureTime'] == (1, 2)
        assert np.array_equal(file.asarray(), pixels)


def _with_notes(folder):
    exif = Image.Exif()
    exif[0x010F] = 'Camera'
    exif.get_ifd(0x8769)[0x829A] = IFDRational(1, 2)
    Image.new('RGB', (7, 9)).save(folder / 'notes.jpg', exif=exif)
    return folder / 'notes.jpg'


@pytest.mark.parametrize('mode', ['L', 'I;16', 'RGB'])
def test_text_profile_and_notes_of_png_files_are_kept(tmp_path, mode):
    shape, dtype = dict(L=((9, 7), 'uint8'), RGB=((9, 7, 3), 'uint8')).get(mode, ((9, 7), 'uint16'))
    text = PngImagePlugin.PngInfo()
    text.add_text('Author', 'a person')
    text.add_itxt('Title', '写真')
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes())
    profile[16:20] = b'RGB ' if mode == 'RGB' else b'GRAY'
    pixels = random_pixels(shape, dtype)
    Image.fromarray(pixels).save(
        tmp_path / 'a.png', pnginfo=text, dpi=(72, 72), icc_profile=bytes(profile)
    )
    save_image(open_image(tmp_path / 'a.png'), tmp_path / 'b.png')
    with Image.open(tmp_path / 'b.png') as image:
        assert image.text == {'Author': 'a person', 'Title': '写真'}
        assert image.info['icc_profile'] == profile and round(image.info['dpi'][0]) == 72
        assert np.array_equal(np.asarray(image), pixels)


@pytest.mark.parametrize(
    'pixels', [random_pixels((9, 7), 'uint8'), random_pixels((9, 7), 'uint16'), np.eye(9, 7) > 0]
)
def test_the_transparent_grey_of_a_png_is_alpha(tmp_path, pixels):
    clear = int(pixels[0, 0])
    Image.fromarray(pixels).save(tmp_path / 'a.png', transparency=clear)
    image = open_image(tmp_path / 'a.png')
    white = np.iinfo(image.pixels.dtype).max
    assert np.array_equal(image.pixels[..., 3], np.where(pixels == pixels[0, 0], 0, white))
    grey = pixels * white if pixels.dtype == bool else pixels
    assert np.array_equal(image.pixels[..., 0], grey)


def test_a_profile_that_is_lost_is_told(tmp_path):
    with pytest.warns(UserWarning, match='a.bmp: the colour profile of image is lost'):
        save_image(
            ImageData(random_pixels((9, 7, 3), 'uint8'), profile=b'some'), tmp_path / 'a.bmp'
        )


def test_images_are_read_up_to_a_stated_size(tmp_path, monkeypatch):
    Image.new('1', (20_000, 10_000)).save(tmp_path / 'a.png')  # Pillow alone would refuse it.
    monkeypatch.setattr(images, '_decode', lambda path: np.zeros((2, 2), np.uint8))
    open_image(tmp_path / 'a.png')
    assert Image.MAX_IMAGE_PIXELS == images._PILLOWS_LIMIT, 'it is as it was'
    monkeypatch.setattr(images, 'MAX_PIXELS', 190_000_000)
    with pytest.raises(ValueError, match='is 20000 x 10000, more than the 190 million pixels'):
        open_image(tmp_path / 'a.png')
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 1_000_000)
    with pytest.raises(ValueError, match='more than 2 million pixels'):
        open_image(tmp_path / 'a.png')
