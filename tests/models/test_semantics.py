import pytest
import torch

from boostgan_plugin.models import semantics as semantics_module
from boostgan_plugin.models.semantics import (
    MismatchSampler,
    SemanticOverride,
    Semantics,
    TeacherForcing,
    attribute_key,
    segmentation_key,
)


def test_of_two_overrides_one_goes_first():
    first = SemanticOverride(torch.tensor([[0.0, -1, -1]]), torch.tensor([[[[-1, 2]]]]))
    second = SemanticOverride(torch.tensor([[1.0, -1, 0]]), torch.tensor([[[[0, 1]]]]))
    both = first.or_else(second)
    assert both.attributes.tolist() == [[0, -1, 0]]
    assert both.segmentation.tolist() == [[[[0, 2]]]]


def slow_reference(values, memory):
    """For each row: the first candidate, in the documented order, that says something else."""
    answers = [tuple((value > 0.5).tolist()) for value in values]
    chosen = []
    for i in range(len(values)):
        candidates = sorted((j for j in range(len(values)) if j != i), key=lambda j, i=i: i ^ j)
        partner = next((values[j] for j in candidates if answers[j] != answers[i]), None)
        if partner is None and memory is not None:
            other = tuple((memory > 0.5).tolist())
            partner = memory if other != answers[i] else None
        chosen.append(partner)
    return chosen


@pytest.mark.parametrize('count', [1, 2, 3, 5, 8])
def test_partners_agree_with_a_slow_reference(count):
    sampler, memory = MismatchSampler(attribute_key), None
    for _ in range(20):
        values = torch.rand(count, 2)
        mismatched, found = sampler(values)
        for row, valid, expected in zip(
            mismatched, found, slow_reference(values, memory), strict=True
        ):
            assert valid == (expected is not None)
            if valid:
                assert torch.equal(row, expected)
        memory = values[-1]


def test_equal_vectors_are_never_a_negative_pair():
    sampler = MismatchSampler(attribute_key)
    values = torch.tensor([[0.9, 0.2], [0.6, 0.4], [0.51, 0.1]])
    _, found = sampler(values)
    assert not found.any()


def test_a_batch_of_one_takes_the_sample_before():
    sampler = MismatchSampler(attribute_key)
    first, second = torch.tensor([[0.9]]), torch.tensor([[0.1]])
    assert not sampler(first)[1].any()
    mismatched, found = sampler(second)
    assert found.all() and torch.equal(mismatched, first)


@pytest.mark.parametrize('probabilities', [False, True])
def test_maps_differ_when_a_pixel_differs(probabilities):
    labels = torch.zeros(2, 1, 4, 4, dtype=torch.uint8)
    labels[1, 0, 3, 3] = 1
    maps = labels
    if probabilities:
        maps = torch.cat([0.6 - 0.2 * labels, 0.4 + 0.2 * labels], dim=1)
    mismatched, found = MismatchSampler(segmentation_key)(maps)
    assert found.all()
    assert torch.equal(mismatched, maps.flip(0))
    assert not MismatchSampler(segmentation_key)(maps[:1].repeat(2, 1, 1, 1))[1].any()


def test_partners_do_not_depend_on_how_the_batch_is_split():
    values = torch.rand(8, 6)
    whole, _ = MismatchSampler(attribute_key)(values)
    halves = [MismatchSampler(attribute_key)(half)[0] for half in values.chunk(2)]
    assert torch.equal(whole, torch.cat(halves))


def test_memory_travels_with_the_state_dict():
    sampler, other = MismatchSampler(attribute_key), MismatchSampler(attribute_key)
    sampler(torch.tensor([[0.9]]))
    other.load_state_dict(sampler.state_dict())
    mismatched, found = other(torch.tensor([[0.2]]))
    assert found.all() and mismatched.item() == pytest.approx(0.9)


def semantics(count=4, probability=False):
    attributes = torch.rand(count, 3)
    if probability:
        return Semantics(attributes, torch.rand(count, 5, 6, 7).softmax(1))
    return Semantics(attributes, torch.randint(0, 5, (count, 1, 6, 7), dtype=torch.uint8))


@pytest.mark.parametrize('probability', [False, True])
def test_what_is_told_goes_before_what_was_read_and_nothing_else_changes(probability):
    pred = semantics(2, probability)
    override = SemanticOverride(
        torch.tensor([[-1, 1, 0.25], [-1, -1, -1]]), torch.full((2, 1, 6, 7), -1, dtype=torch.int16)
    )
    override.segmentation[0, 0, :2] = 4
    cond = override.apply_to(pred)
    assert cond.attributes[0].tolist() == [pred.attributes[0, 0].item(), 1, 0.25]
    assert torch.equal(cond.attributes[1], pred.attributes[1])
    assert cond.segmentation.dtype == pred.segmentation.dtype
    assert torch.equal(cond.segmentation[1], pred.segmentation[1])
    assert torch.equal(cond.segmentation[0, :, 2:], pred.segmentation[0, :, 2:])
    assert (cond.labels()[0, :2] == 4).all()
    if probability:
        assert torch.equal(cond.segmentation[0, :, 0, 0], torch.tensor([0.0, 0, 0, 0, 1]))


def test_a_word_can_be_said_louder_than_any_image_says_it():
    pred = Semantics(torch.tensor([[0.2, 0.3, 0.4, 0.6]]), torch.zeros(1, 1, 4, 4).byte())
    override = SemanticOverride(torch.tensor([[-1, 1, 0, 0.5]]), torch.full((1, 1, 4, 4), -1))
    cond = override.apply_to(pred, emphasis=3.0).attributes
    torch.testing.assert_close(cond, torch.tensor([[0.2, 2.0, -1.0, 0.5]]))
    torch.testing.assert_close(override.signed_attributes(3.0), torch.tensor([[0, 3.0, -3.0, 0]]))


def test_nothing_is_told_of_the_padding():
    pred = semantics(1)
    override = SemanticOverride(
        torch.full((1, 3), -1.0), torch.full((1, 1, 4, 5), 2, dtype=torch.int16)
    )
    cond = override.apply_to(pred)
    assert (cond.segmentation[..., :4, :5] == 2).all()
    assert torch.equal(cond.segmentation[..., 4:, :], pred.segmentation[..., 4:, :])
    assert torch.equal(cond.segmentation[..., 5:], pred.segmentation[..., 5:])


def test_teacher_forcing_tells_its_share_each_attribute_by_itself():
    pred = Semantics(torch.full((500, 4), 0.3), torch.zeros(500, 1, 2, 2, dtype=torch.uint8))
    gt = Semantics(torch.full((500, 4), 0.8), torch.ones(500, 1, 2, 2, dtype=torch.uint8))
    cond = TeacherForcing(0.25)(gt).apply_to(pred)
    assert set(cond.attributes.flatten().tolist()) == {pred.attributes[0, 0].item(), 1.0}
    assert abs((cond.attributes == 1).float().mean() - 0.25) < 0.04
    assert (cond.attributes == 1).any(1).float().mean() > 0.5, 'each by itself'
    forced_maps = cond.segmentation.flatten(1).float()
    assert torch.equal(forced_maps.amin(1), forced_maps.amax(1)), 'a class is told as a whole'
    assert abs(forced_maps[:, 0].mean() - 0.25 * 0.75) < 0.06


@pytest.mark.parametrize('probability', [False, True])
def test_half_of_the_maps_are_told_whole_and_of_the_others_classes(probability):
    pred, gt = semantics(400, probability), semantics(400, probability)
    cond = TeacherForcing(1.0)(gt).apply_to(pred)
    labels = gt.labels()
    differs = pred.labels() != labels
    forced = cond.labels() == labels
    whole = (forced | ~differs).flatten(1).all(1).float().mean()
    assert abs(whole - (0.5 + 0.5 / 2**5)) < 0.08
    for number in range(5):
        of_class = differs & (labels == number)
        prob = (forced & of_class).flatten(1).sum(1) / of_class.flatten(1).sum(1)
        assert set(prob[~prob.isnan()].tolist()) == {0.0, 1.0}
    if probability:
        sharp = cond.segmentation.movedim(1, -1)[forced & differs]
        assert set(sharp.flatten().tolist()) == {0.0, 1.0}, 'as a painted map'


def test_teacher_forcing_that_is_resumed_goes_on_where_it_was():
    gt = semantics()
    forcing, resumed = TeacherForcing(0.5), TeacherForcing(0.5)
    first = forcing(gt)
    resumed.load_state_dict(forcing.state_dict())
    second, again = forcing(gt), resumed(gt)
    assert torch.equal(second.attributes, again.attributes)
    assert torch.equal(second.segmentation, again.segmentation)
    assert not torch.equal(first.attributes, second.attributes)


def test_processes_share_out_what_one_would_draw(monkeypatch):
    pred, gt = semantics(6), semantics(6)
    whole = TeacherForcing(0.5)(gt).apply_to(pred)
    monkeypatch.setattr(semantics_module, 'get_world_size', lambda: 2)
    parts = []
    for rank in range(2):
        monkeypatch.setattr(semantics_module, 'get_rank', lambda rank=rank: rank)
        rows = slice(3 * rank, 3 * rank + 3)
        some_pred, some_gt = (Semantics(*(part[rows] for part in one)) for one in (pred, gt))
        parts.append(TeacherForcing(0.5)(some_gt).apply_to(some_pred))
    for name in Semantics._fields:
        assert torch.equal(torch.cat([getattr(part, name) for part in parts]), getattr(whole, name))


def test_teacher_forcing_tells_nothing_or_all():
    pred, gt = semantics(), semantics()
    nothing, everything = TeacherForcing(0)(gt).apply_to(pred), TeacherForcing(1)(gt).apply_to(pred)
    assert all(torch.equal(*pair) for pair in zip(nothing, pred))
    assert torch.equal(everything.attributes, (gt.attributes > 0.5).float())


def test_attributes_are_told_of_a_share_of_the_samples():
    forced = TeacherForcing(0.5, sample_prob=0.5)(semantics(400)).attributes >= 0
    assert abs(forced.any(1).float().mean() - 0.5 * (1 - 0.5**3)) < 0.08
    assert abs(forced[forced.any(1)].float().mean() - 0.5 / (1 - 0.5**3)) < 0.08


@pytest.mark.parametrize('options', [dict(prob=1.5), dict(prob=0.5, sample_prob=-1)])
def test_a_share_beyond_one_is_refused(options):
    with pytest.raises(ValueError, match='must lie in 0..1'):
        TeacherForcing(**options)
