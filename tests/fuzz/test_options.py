"""Options of all registered modules: a wrong one is told by its name, where the module is built."""

from collections.abc import Mapping, Sequence
from inspect import signature
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from boostgan_plugin.options import (
    Count,
    CountRange,
    Ratio,
    RatioRange,
    Size,
    SizeRange,
    Sizes,
    Weight,
)
from boostgan_plugin.registry import DATASETS, HOOKS, METRICS, MODELS, TRANSFORMS

from .anything import ANYTHING, KINDS

#: By the plain type that an annotation names: the kinds of values that may be right.
RIGHT = {
    NoneType: {'none'},
    bool: {'bool'},
    int: {'int'},
    float: {'int', 'float'},
    str: {'text'},
    dict: {'dict'},
    Mapping: {'dict'},
    Sequence: {'list'},
    tuple: {'list'},
    list: {'list'},
}
NEGATIVE = st.integers(-9, -1)
#: Of the right kind, but out of range.
BEYOND = {
    Size: NEGATIVE | st.just(0),
    Count: NEGATIVE,
    Weight: NEGATIVE | st.sampled_from([-0.1, float('nan'), float('inf')]),
    Ratio: NEGATIVE | st.sampled_from([-0.1, 1.1, 7, float('nan')]),
    SizeRange: st.sampled_from([(0, 1), (2, 1), (1,), (1, 2, 3), (1.5, 2), ('a', 'b')]),
    CountRange: st.sampled_from([(-1, 1), (2, 1), (1, 'b')]),
    RatioRange: st.sampled_from([(0.5, 0.4), (-1, 0), (0, 2), (0.5,), (float('nan'), 1)]),
    Sizes: st.sampled_from([(), (0,), (4, -4), (4, 'a'), (4, None), (2.5,)]),
}


def modules():
    """All classes of ours that configs name, which have options."""
    for registry in (DATASETS, HOOKS, METRICS, MODELS, TRANSFORMS):
        registry.import_from_location()
        for name, kind in sorted(registry.module_dict.items()):
            if kind.__module__.startswith('boostgan_plugin.') and options(kind):
                yield pytest.param(kind, id=name)


def options(kind):
    """What a class of ours declares, by name."""
    if not getattr(kind.__init__, '__module__', '').startswith('boostgan_plugin.'):
        return {}
    hints = get_type_hints(kind.__init__, include_extras=True)
    return {
        name: hint
        for name, hint in hints.items()
        if name in signature(kind).parameters and name != 'init_cfg' and kinds(hint)
    }


def passes_on(kind):
    """Whether what it does not know goes on to a class of another project."""
    return any(each.kind is each.VAR_KEYWORD for each in signature(kind).parameters.values())


def kinds(hint):
    """The kinds of values that an annotation allows; none where it says too little."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return kinds(arguments[0])
    if origin in (Union, UnionType):
        return set().union(*map(kinds, arguments))
    return RIGHT.get(origin or hint, set())


def wrong(hint):
    """Values that an annotation forbids."""
    right = kinds(hint)
    strategies = [strategy for kind, strategy in KINDS.items() if kind not in right]
    if hint in BEYOND:
        strategies.append(BEYOND[hint])
    return st.one_of(*strategies)


def fitting(kind):
    """Some value for each option that has to be given, to get past its check."""
    values = dict(int=1, float=1.0, text='a', bool=True, dict={}, list=['a'], none=None)
    return {
        name: values[sorted(kinds(hint))[0]]
        for name, hint in options(kind).items()
        if signature(kind).parameters[name].default is signature(kind).empty
    }


@pytest.mark.parametrize('kind', modules())
@settings(max_examples=20)
@given(data=st.data())
def test_an_option_of_another_kind_is_told_by_its_name(kind, data):
    name = data.draw(st.sampled_from(sorted(options(kind))))
    value = data.draw(wrong(options(kind)[name]))
    with pytest.raises(ValueError, match=rf'^{kind.__name__}: {name}=.*; expected '):
        kind(**{**fitting(kind), name: value})


@pytest.mark.parametrize('kind', [each for each in modules() if not passes_on(each.values[0])])
def test_an_option_that_there_is_not_is_told_by_its_name(kind):
    with pytest.raises(TypeError, match=f'^{kind.__name__}: .*nosuch'):
        kind(**fitting(kind), nosuch=1)


#: Quickly built: what has to be given, and is right.
BUILT = dict(
    AttributeDiscriminator=dict(
        num_attributes=2, image_size=8, base_channels=2, max_channels=4, hidden_features=4
    ),
    AttributePlanes={},
    BlobMask={},
    BoostGANLoss={},
    BoostGANPlusLoss={},
    CenterMask={},
    CenterSquareCrop=dict(size=8),
    ContextEncoderDiscriminator=dict(image_size=8, base_channels=2, max_channels=4),
    ContextEncoderGenerator=dict(image_size=8, base_channels=2, max_channels=4),
    ContextualAttentionGenerator=dict(base_channels=2, dilations=(1,)),
    DiscriminatorAugmentation={},
    FreeFormMask={},
    GlobalDiscriminator=dict(image_size=8, base_channels=2, max_channels=4, hidden_features=4),
    GlobalLocalCritic=dict(image_size=16, base_channels=2, max_channels=4),
    GlobalLocalDiscriminator=dict(image_size=16, base_channels=2, max_channels=4, features=4),
    GlobalLocalGenerator=dict(base_channels=4),
    HoleUNet=dict(channels=(2, 4), middle=0, out_channels=2),
    ModulatedGenerator=dict(
        num_attributes=2, num_classes=3, channels=(2, 4), full_channels=2, dilations=()
    ),
    NavierStokes={},
    PartMask=dict(parts=['a'], classes=['a', 'b']),
    PartialConvUNet=dict(levels=2, base_channels=2, max_channels=4),
    PatchDiscriminator=dict(
        channels=(2, 4), attribute=dict(num_attributes=2), segmentation=dict(num_classes=3)
    ),
    RandomRectangleMask={},
    RandomSquareCrop=dict(size=8),
    RandomTone={},
    RenderedFaces=dict(split='d0', length=3),
    SegmentationDiscriminator=dict(
        num_classes=3, image_size=8, base_channels=2, max_channels=4, hidden_features=4
    ),
    SemanticConsistencyLoss={},
    SemanticGenerator=dict(
        num_attributes=2,
        num_classes=3,
        base_channels=2,
        max_channels=4,
        downsample_factor=2,
        dilations=(),
    ),
    SharedTrunkDiscriminator=dict(
        image_size=8,
        base_channels=2,
        max_channels=4,
        hidden_features=4,
        attribute=dict(num_attributes=2),
        segmentation=dict(num_classes=3),
    ),
    Telea={},
)
#: Configs of mmcv's layers.
FOREIGN = {'norm_cfg', 'act_cfg'}


@pytest.mark.parametrize('kind', [each for each in modules() if each.id in BUILT])
@settings(max_examples=20)
@given(data=st.data())
def test_whatever_is_given_it_is_built_or_the_option_is_named(kind, data):
    name = data.draw(st.sampled_from(sorted(options(kind).keys() - FOREIGN)))
    value = data.draw(ANYTHING)
    try:
        kind(**{**BUILT[kind.__name__], name: value})
    except (ValueError, TypeError) as error:
        assert name in str(error), f'{name}={value!r}: {error}'


def test_numbers_of_a_nested_part_are_checked_too():
    for part in (
        dict(attribute=dict(num_attributes=0)),
        dict(segmentation=dict(num_classes='a')),
        dict(attribute=dict(nosuch=1)),
    ):
        for kind in ('PatchDiscriminator', 'SharedTrunkDiscriminator'):
            with pytest.raises(
                (ValueError, TypeError), match=r'(Attribute|Segmentation)\w*Head: .*(num_|nosuch)'
            ):
                MODELS.build(dict(type=kind, **part))
