import pytest
import torch

from boostgan_plugin.models import semantics as semantics_module
from boostgan_plugin.models.semantics import (
    MismatchSampler,
    Semantics,
    Teller,
    Told,
    attribute_identity,
    segmentation_identity,
)


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
    sampler, memory = MismatchSampler(attribute_identity), None
    for _ in range(20):
        values = torch.rand(count, 2)
        mismatched, found = sampler(values)
        for row, valid, expected in zip(
                mismatched, found, slow_reference(values, memory), strict=True):
            assert valid == (expected is not None)
            if valid:
                assert torch.equal(row, expected)
        memory = values[-1]


def test_equal_vectors_are_never_a_negative_pair():
    sampler = MismatchSampler(attribute_identity)
    values = torch.tensor([[0.9, 0.2], [0.6, 0.4], [0.51, 0.1]])
    _, found = sampler(values)
    assert not found.any()


def test_a_batch_of_one_takes_the_sample_before():
    sampler = MismatchSampler(attribute_identity)
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
    mismatched, found = MismatchSampler(segmentation_identity)(maps)
    assert found.all()
    assert torch.equal(mismatched, maps.flip(0))
    assert not MismatchSampler(segmentation_identity)(maps[:1].repeat(2, 1, 1, 1))[1].any()


def test_partners_do_not_depend_on_how_the_batch_is_split():
    values = torch.rand(8, 6)
    whole, _ = MismatchSampler(attribute_identity)(values)
    halves = [MismatchSampler(attribute_identity)(half)[0] for half in values.chunk(2)]
    assert torch.equal(whole, torch.cat(halves))


def test_memory_travels_with_the_state_dict():
    sampler, other = MismatchSampler(attribute_identity), MismatchSampler(attribute_identity)
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
    read = semantics(2, probability)
    told = Told(torch.tensor([[-1, 1, 0.25], [-1, -1, -1]]),
                torch.full((2, 1, 6, 7), -1, dtype=torch.int16))
    told.segmentation[0, 0, :2] = 4
    given = told.over(read)
    assert given.attributes[0].tolist() == [read.attributes[0, 0].item(), 1, 0.25]
    assert torch.equal(given.attributes[1], read.attributes[1])
    assert given.segmentation.dtype == read.segmentation.dtype
    assert torch.equal(given.segmentation[1], read.segmentation[1])
    assert torch.equal(given.segmentation[0, :, 2:], read.segmentation[0, :, 2:])
    assert (given.labels()[0, :2] == 4).all()
    if probability:
        assert torch.equal(given.segmentation[0, :, 0, 0], torch.tensor([0., 0, 0, 0, 1]))


def test_a_word_can_be_said_louder_than_any_image_says_it():
    read = Semantics(torch.tensor([[0.2, 0.3, 0.4, 0.6]]), torch.zeros(1, 1, 4, 4).byte())
    told = Told(torch.tensor([[-1, 1, 0, 0.5]]), torch.full((1, 1, 4, 4), -1))
    given = told.over(read, emphasis=3.).attributes
    torch.testing.assert_close(given, torch.tensor([[0.2, 2., -1., 0.5]]))


def test_nothing_is_told_of_the_padding():
    read = semantics(1)
    told = Told(torch.full((1, 3), -1.), torch.full((1, 1, 4, 5), 2, dtype=torch.int16))
    given = told.over(read)
    assert (given.segmentation[..., :4, :5] == 2).all()
    assert torch.equal(given.segmentation[..., 4:, :], read.segmentation[..., 4:, :])
    assert torch.equal(given.segmentation[..., 5:], read.segmentation[..., 5:])


def test_a_teller_tells_its_share_each_attribute_by_itself():
    read = Semantics(torch.full((500, 4), 0.3), torch.zeros(500, 1, 2, 2, dtype=torch.uint8))
    true = Semantics(torch.full((500, 4), 0.8), torch.ones(500, 1, 2, 2, dtype=torch.uint8))
    given = Teller(0.25)(true).over(read)
    assert set(given.attributes.flatten().tolist()) == {read.attributes[0, 0].item(), 1.}
    assert abs((given.attributes == 1).float().mean() - 0.25) < 0.04
    assert (given.attributes == 1).any(1).float().mean() > 0.5, 'each by itself'
    told_maps = given.segmentation.flatten(1).float()
    assert torch.equal(told_maps.amin(1), told_maps.amax(1)), 'a class is told as a whole'
    assert abs(told_maps[:, 0].mean() - 0.25 * 0.75) < 0.06


@pytest.mark.parametrize('probability', [False, True])
def test_half_of_the_maps_are_told_whole_and_of_the_others_classes(probability):
    read, true = semantics(400, probability), semantics(400, probability)
    given = Teller(1.)(true).over(read)
    labels = true.labels()
    differs = read.labels() != labels
    told = given.labels() == labels
    whole = (told | ~differs).flatten(1).all(1).float().mean()
    assert abs(whole - (0.5 + 0.5 / 2**5)) < 0.08
    for number in range(5):
        of_class = differs & (labels == number)
        share = (told & of_class).flatten(1).sum(1) / of_class.flatten(1).sum(1)
        assert set(share[~share.isnan()].tolist()) == {0., 1.}
    if probability:
        sharp = given.segmentation.movedim(1, -1)[told & differs]
        assert set(sharp.flatten().tolist()) == {0., 1.}, 'as a painted map'


def test_a_teller_that_is_resumed_goes_on_where_it_was():
    true = semantics()
    teller, resumed = Teller(0.5), Teller(0.5)
    first = teller(true)
    resumed.load_state_dict(teller.state_dict())
    second, again = teller(true), resumed(true)
    assert torch.equal(second.attributes, again.attributes)
    assert torch.equal(second.segmentation, again.segmentation)
    assert not torch.equal(first.attributes, second.attributes)


def test_processes_share_out_what_one_would_draw(monkeypatch):
    read, true = semantics(6), semantics(6)
    whole = Teller(0.5)(true).over(read)
    monkeypatch.setattr(semantics_module, 'get_world_size', lambda: 2)
    parts = []
    for rank in range(2):
        monkeypatch.setattr(semantics_module, 'get_rank', lambda rank=rank: rank)
        rows = slice(3 * rank, 3 * rank + 3)
        some_read, some_true = (Semantics(*(part[rows] for part in one)) for one in (read, true))
        parts.append(Teller(0.5)(some_true).over(some_read))
    for name in Semantics._fields:
        assert torch.equal(torch.cat([getattr(part, name) for part in parts]), getattr(whole, name))


def test_a_teller_tells_nothing_or_all():
    read, true = semantics(), semantics()
    nothing, everything = Teller(0)(true).over(read), Teller(1)(true).over(read)
    assert all(torch.equal(*pair) for pair in zip(nothing, read))
    assert torch.equal(everything.attributes, (true.attributes > 0.5).float())


def test_attributes_are_told_of_a_share_of_the_samples():
    told = Teller(0.5, samples=0.5)(semantics(400)).attributes >= 0
    assert abs(told.any(1).float().mean() - 0.5 * (1 - 0.5**3)) < 0.08
    assert abs(told[told.any(1)].float().mean() - 0.5 / (1 - 0.5**3)) < 0.08


@pytest.mark.parametrize('options', [dict(share=1.5), dict(share=0.5, samples=-1)])
def test_a_share_beyond_one_is_refused(options):
    with pytest.raises(ValueError, match='must lie in 0..1'):
        Teller(**options)
