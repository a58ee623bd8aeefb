import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.models import CounterfactualAttributes
from boostgan_plugin.models.semantics import SemanticOverride, Semantics

ATTRIBUTES, CLASSES = ('Smiling', 'Hat', 'Young'), ('skin', 'mouth', 'hair')
REGIONS = dict(Smiling=['mouth'], Hat=['hair'])


def told(attributes, labels, hole, **options):
    module = CounterfactualAttributes(REGIONS, ATTRIBUTES, CLASSES, **dict(dict(prob=1), **options))
    return module(Semantics(torch.tensor(attributes), labels), hole)


def mouths(count: int) -> torch.Tensor:
    """Maps of skin whose last row is mouth."""
    labels = torch.zeros(count, 1, 4, 4, dtype=torch.uint8)
    labels[:, :, 3] = 1
    return labels


def test_the_opposite_is_told_of_what_the_hole_can_show():
    labels, hole = mouths(3), torch.zeros(3, 1, 4, 4)
    hole[1:, :, 2:] = 1
    rows, override = told([[0.9, 0.1, 0.9], [0.8, 0.2, 0.7], [0.1, 0.9, 0.6]], labels, hole)
    # Nothing shows in the hole of the first, and no hat in that of any.
    assert rows.tolist() == [1, 2]
    assert override.attributes.tolist() == [[0, -1, -1], [1, -1, -1]]
    assert (override.segmentation == -1).all()


def test_none_is_told_where_no_hole_can_show_it():
    labels, hole = mouths(5), torch.zeros(5, 1, 4, 4)
    rows, override = told([[0.9] * 3] * 5, labels, hole)
    assert len(rows) == len(override.attributes) == len(override.segmentation) == 0


def test_so_many_are_told():
    labels, hole = mouths(4000), torch.ones(4000, 1, 4, 4)
    rows, _ = told([[0.9] * 3] * 4000, labels, hole, prob=0.3)
    assert len(rows) == pytest.approx(1200, abs=120)


def test_half_of_a_region_is_enough_where_so_asked():
    labels, hole = mouths(1), torch.zeros(1, 1, 4, 4)
    hole[..., :2] = 1
    assert len(told([[0.9] * 3], labels, hole, min_overlap=0.5)[0]) == 1
    assert len(told([[0.9] * 3], labels, hole, min_overlap=0.6)[0]) == 0


def test_what_is_drawn_goes_on_after_a_resume():
    labels, hole = mouths(1), torch.ones(1, 1, 4, 4)
    labels[:, :, 0] = 2
    semantics = Semantics(torch.tensor([[0.9, 0.1, 0.9]]), labels)
    modules = [CounterfactualAttributes(REGIONS, ATTRIBUTES, CLASSES, prob=1) for _ in range(2)]
    drawn = [modules[0](semantics, hole)[1].attributes for _ in range(20)]
    assert len({tuple(row.flatten().tolist()) for row in drawn}) == 2
    for _ in range(10):
        modules[1](semantics, hole)
    resumed = CounterfactualAttributes(REGIONS, ATTRIBUTES, CLASSES, prob=1)
    resumed.load_state_dict(modules[1].state_dict())
    for attributes in drawn[10:]:
        assert torch.equal(resumed(semantics, hole)[1].attributes, attributes)


@pytest.mark.parametrize(
    ('tied', 'stays'),
    [([], [1, 2]), ([['Smiling', 'Young']], [1]), ([['Smiling', 'Young', 'Hat']], [])],
)
def test_the_loss_asks_for_what_is_told_and_for_what_has_to_stay(tied, stays):
    module = CounterfactualAttributes(REGIONS, ATTRIBUTES, CLASSES, tied=tied)
    logits = torch.tensor([[2.0, -1.0, 0.5]] * 2)
    target = torch.tensor([[0.0, 0.2, 0.9]] * 2)
    told = torch.tensor([[0.0, -1.0, -1.0]] * 2)
    error = [F.binary_cross_entropy(logits[0, i].sigmoid(), target[0, i]).item() for i in range(3)]
    expected = error[0] + sum(error[i] for i in stays) / max(len(stays), 1)
    found = module.loss(logits, target, SemanticOverride(told, torch.full((2, 1, 4, 4), -1)))
    assert found.tolist() == pytest.approx([expected] * 2, rel=1e-5)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(regions={}), 'regions is empty'),
        (dict(regions=dict(Beard=['skin'])), 'Beard'),
        (dict(regions=REGIONS, tied=[['Hat', 'Cap']]), 'tied names Cap'),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        CounterfactualAttributes(attributes=ATTRIBUTES, classes=CLASSES, **options)
