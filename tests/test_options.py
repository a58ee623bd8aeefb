from collections.abc import Mapping, Sequence
from typing import Literal

from mmengine.config import ConfigDict
import numpy as np
import pytest

from boostgan_plugin.options import Count, Ratio, RatioRange, Size, Sizes, Weight, checked
from boostgan_plugin.registry import MODELS


@checked
class Part:
    def __init__(
        self,
        size: Size,
        ratio: Ratio | None = None,
        scale: RatioRange = (0, 1),
        channels: Sizes = (1,),
        names: Sequence[str] = (),
        keep: bool = False,
        how: Literal['a', 'b'] = 'a',
        weights: Mapping[str, Weight] | None = None,
        keys: tuple[str, ...] = (),
        seed: Count = 0,
        anything: object = None,
    ) -> None:
        self.given = size, ratio


class Inheriting(Part):
    pass


@pytest.mark.parametrize(
    'options',
    [
        dict(size=np.int64(3)),
        dict(size=1, ratio=np.float32(0.5)),
        dict(size=1, ratio=1),
        dict(size=1, scale=[0.5, 0.5]),
        dict(size=1, channels=ConfigDict(a=[1, 2]).a),
        dict(size=1, names=['a'], keep=np.bool_(True)),
        dict(size=1, how='b', anything=[{}]),
        dict(size=1, weights=ConfigDict(a=1.0)),
        dict(size=1, keys=('a', 'b', 'c'), seed=0),
    ],
)
def test_what_fits_is_taken(options):
    assert Part(**options).given == (options['size'], options.get('ratio'))


@pytest.mark.parametrize(
    'options, words',
    [
        (dict(size=0), 'Part: size=0; expected a whole number, 1 or more'),
        (dict(size=True), 'size=True; expected a whole number'),
        (dict(size=1, ratio=1.1), 'ratio=1.1; expected a number, from 0 to 1 or None'),
        (dict(size=1, ratio=float('nan')), 'ratio=nan; expected a number'),
        (dict(size=1, scale=(0.6, 0.5)), 'a list of 2, .*the second not below the first'),
        (dict(size=1, scale=0.5), 'scale=0.5; expected a list of 2'),
        (dict(size=1, channels=()), 'at least one'),
        (dict(size=1, names='hair'), "names='hair'; expected a list, each a text"),
        (dict(size=1, how='c'), "one of 'a', 'b'"),
        (dict(size=1, weights=dict(a=-1)), 'a dict, each a number, 0 or more'),
    ],
)
def test_what_does_not_fit_is_told(options, words):
    with pytest.raises(ValueError, match=words):
        Part(**options)


def test_subclasses_are_told_by_their_own_name():
    with pytest.raises(ValueError, match='^Inheriting: size='):
        Inheriting('a')
    with pytest.raises(TypeError, match="^Inheriting: missing a required argument: 'size'"):
        Inheriting()


def test_classes_of_other_projects_are_not_looked_at():

    class Foreign:
        def __init__(self, size: Size) -> None:
            self.size = size

    MODELS.register_module(name='ForeignOfTheTest', module=Foreign)
    try:
        assert MODELS.build(dict(type='ForeignOfTheTest', size=-1)).size == -1
    finally:
        del MODELS.module_dict['ForeignOfTheTest']
