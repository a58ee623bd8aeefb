"""The names in the configs are those of the code that labels."""

from mmengine.config import Config

from boostgan_plugin.datasets.face_renderer import ATTRIBUTES, PARTS
from boostgan_plugin.datasets.transforms import colours
from tests.conftest import ROOT

NAMES = ROOT / 'configs/_base_/names'


def test_faces():
    config = Config.fromfile(NAMES / 'faces.py')
    assert (tuple(config.attributes), tuple(config.regions)) == (ATTRIBUTES, PARTS)


def test_colours():
    config = Config.fromfile(NAMES / 'colours.py')
    assert (tuple(config.attributes), tuple(config.regions)) == (
        colours.ATTRIBUTES,
        colours.REGIONS,
    )
