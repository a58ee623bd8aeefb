"""With real networks of mmpretrain and mmseg."""

from copy import deepcopy

from mmengine.registry import MODELS as ROOT_MODELS
from mmengine.runner.checkpoint import load_state_dict
from mmengine.structures import PixelData
import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.models import AttributeEmbedder, SegmentationEmbedder
from boostgan_plugin.models.embedders.frozen_network import reduced
from tests.conftest import ATTRIBUTES, CLASSES, CLASSIFIER, SEGMENTOR, SIZE


@pytest.fixture
def attribute(checkpoints):
    return AttributeEmbedder(CLASSIFIER, checkpoints['classifier'], ATTRIBUTES)


@pytest.fixture
def segmentation(checkpoints):
    return SegmentationEmbedder(SEGMENTOR, checkpoints['segmentor'], CLASSES)


@pytest.fixture
def pixels():
    """The same images as a data set delivers them (BGR, 0..255) and as we have them."""
    bgr = torch.randint(0, 256, (2, 3, SIZE, SIZE), dtype=torch.uint8)
    return bgr, bgr.flip(1) / 127.5 - 1


@pytest.mark.parametrize('to_rgb', [True, False])
def test_attributes_are_what_the_classifier_itself_predicts(checkpoints, pixels, to_rgb):
    config = deepcopy(CLASSIFIER)
    config['data_preprocessor']['to_rgb'] = to_rgb
    embedder = AttributeEmbedder(config, checkpoints['classifier'], ATTRIBUTES)
    bgr, images = pixels
    prepared = embedder.network.data_preprocessor(dict(inputs=bgr))
    expected = embedder.network(prepared['inputs'], mode='tensor').sigmoid()
    assert torch.allclose(embedder(images), expected, atol=1e-5)


@pytest.mark.parametrize('to_rgb', [True, False])
def test_maps_are_what_the_segmentor_itself_predicts(checkpoints, pixels, to_rgb):
    config = deepcopy(SEGMENTOR)
    config['data_preprocessor']['bgr_to_rgb'] = to_rgb
    embedder = SegmentationEmbedder(config, checkpoints['segmentor'], CLASSES, 'probability')
    bgr, images = pixels
    from mmseg.structures import SegDataSample

    samples = []
    for _ in bgr:
        sample = SegDataSample(metainfo=dict(img_shape=(SIZE, SIZE), ori_shape=(SIZE, SIZE)))
        sample.gt_sem_seg = PixelData(data=torch.zeros(1, SIZE, SIZE, dtype=torch.long))
        samples.append(sample)
    network = embedder.network
    predicted = network.test_step(dict(inputs=list(bgr), data_samples=samples))
    expected = torch.stack([sample.seg_logits.data for sample in predicted]).softmax(1)
    assert torch.allclose(embedder(images), expected, atol=1e-5)


def test_outputs(attribute, segmentation, pixels):
    images = pixels[1]
    attributes, labels = attribute(images), segmentation(images)
    assert attributes.shape == (2, 3)
    assert attributes.min() >= 0 and attributes.max() <= 1
    assert labels.shape == (2, 1, SIZE, SIZE) and labels.dtype == torch.uint8
    segmentation.output = 'probability'
    probabilities = segmentation(images)
    assert torch.allclose(probabilities.sum(1), torch.ones(2, SIZE, SIZE), atol=1e-5)
    assert torch.equal(probabilities.argmax(1, keepdim=True), labels.long())


def test_frozen_and_in_eval_mode_for_good(attribute, segmentation):
    for embedder in (attribute, segmentation):
        embedder.train()
        assert not any(module.training for module in embedder.modules())
        assert not any(parameter.requires_grad for parameter in embedder.parameters())


def test_weights_are_those_of_the_checkpoint(attribute, checkpoints):
    stored = torch.load(checkpoints['classifier'])['state_dict']
    for key, value in attribute.network.state_dict().items():
        assert torch.equal(value, stored[key])


def test_missing_checkpoint(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere.pth does not exist.*tools/train.py'):
        AttributeEmbedder(CLASSIFIER, tmp_path / 'nowhere.pth', ATTRIBUTES)
    with pytest.raises(FileNotFoundError, match='holds no checkpoint'):
        AttributeEmbedder(CLASSIFIER, tmp_path, ATTRIBUTES)
    with pytest.raises(FileNotFoundError, match='nowhere.py does not exist'):
        AttributeEmbedder(tmp_path / 'nowhere.py', None, ATTRIBUTES)


def test_checkpoint_with_another_number_of_outputs(checkpoints):
    config = deepcopy(CLASSIFIER)
    config['head']['num_classes'] = 5
    with pytest.raises(ValueError, match=r'(?s)classifier.pth does not fit.*head.fc.weight'):
        AttributeEmbedder(config, checkpoints['classifier'], ATTRIBUTES)
    config = deepcopy(SEGMENTOR)
    config['decode_head']['num_classes'] = 7
    with pytest.raises(ValueError, match='segmentor.pth does not fit'):
        SegmentationEmbedder(config, checkpoints['segmentor'], CLASSES)


def test_network_with_another_number_of_outputs_than_named(checkpoints):
    embedder = AttributeEmbedder(CLASSIFIER, checkpoints['classifier'], ATTRIBUTES[:2])
    with pytest.raises(ValueError, match='gives 3 attributes, but 2 are configured'):
        embedder(torch.zeros(1, 3, SIZE, SIZE))


def test_checkpoint_trained_for_other_names(checkpoints, tmp_path):
    content = torch.load(checkpoints['classifier'])
    content['meta'] = dict(dataset_meta=dict(classes=('Cat', 'Dog', 'Cow')))
    torch.save(content, tmp_path / 'animals.pth')
    with pytest.raises(ValueError, match='trained for 3 outputs .Cat, Dog, Cow.'):
        AttributeEmbedder(CLASSIFIER, tmp_path / 'animals.pth', ATTRIBUTES)


def test_never_a_silent_random_network(attribute):
    later = AttributeEmbedder(CLASSIFIER, None, ATTRIBUTES)
    images = torch.zeros(1, 3, SIZE, SIZE)
    with pytest.raises(RuntimeError, match='no weights yet'):
        later(images)
    later.load_state_dict({}, strict=False)
    with pytest.raises(RuntimeError, match='no weights yet'):
        later(images)
    later.load_state_dict(attribute.state_dict())
    assert torch.equal(later(images), attribute(images))


def test_weights_that_another_network_lacks_are_not_its_own(attribute):
    """Wherever the two lie: what counts is what was missing of this one."""

    def model():
        return torch.nn.ModuleDict(
            dict(
                other=torch.nn.ModuleDict(dict(network=torch.nn.Linear(2, 2))),
                embedder=AttributeEmbedder(CLASSIFIER, None, ATTRIBUTES),
            )
        )

    images = torch.zeros(1, 3, SIZE, SIZE)
    mine = {f'embedder.{key}': value for key, value in attribute.state_dict().items()}
    for load in (torch.nn.Module.load_state_dict, load_state_dict):
        complete = model()
        load(complete, mine, strict=False)
        assert torch.equal(complete['embedder'](images), attribute(images))
        lacking = model()
        weights = lacking.state_dict() | mine
        del weights['embedder.network.head.fc.bias']
        load(lacking, weights, strict=False)
        with pytest.raises(RuntimeError, match='no weights yet'):
            lacking['embedder'](images)


def test_other_options_are_refused(checkpoints):
    with pytest.raises(ValueError, match="output='colours' is unknown"):
        SegmentationEmbedder(SEGMENTOR, checkpoints['segmentor'], CLASSES, 'colours')
    with pytest.raises(ValueError, match='8-bit'):
        SegmentationEmbedder(SEGMENTOR, None, [str(i) for i in range(257)])


def test_built_from_another_scope(checkpoints):
    embedder = ROOT_MODELS.build(
        dict(
            type='boostgan.SegmentationEmbedder',
            config=SEGMENTOR,
            checkpoint=str(checkpoints['segmentor']),
            classes=CLASSES,
        )
    )
    assert embedder(torch.zeros(1, 3, SIZE, SIZE)).shape == (1, 1, SIZE, SIZE)


def test_reduced_images_are_means_of_what_is_known():
    images = torch.rand(1, 3, 5, 4) + 0.1
    images[..., :2, :2] = 0  # A block that is erased whole,
    images[..., 2, 0] = 0  # and one of which a pixel is.
    small = reduced(images, 2)
    assert small.shape == (1, 3, 3, 2)
    assert (small[..., 0, 0] == 0).all()
    known = torch.stack([images[..., 2, 1], images[..., 3, 0], images[..., 3, 1]])
    assert torch.allclose(small[..., 1, 0], known.mean(0))
    assert torch.allclose(small[..., 1, 1], images[..., 2:4, 2:].mean((2, 3)))
    assert torch.allclose(small[..., 2, 1], images[..., 4, 2:].mean(-1)), 'border repeated'


def test_read_at_a_smaller_size(checkpoints, segmentation):
    half = SegmentationEmbedder(
        SEGMENTOR, checkpoints['segmentor'], CLASSES, output='probability', reduction=2
    )
    images = torch.rand(2, 3, 38, 36) * 2 - 1
    maps = half(images)
    assert maps.shape == (2, len(CLASSES), 38, 36)
    wanted = F.interpolate(
        segmentation.logits(F.avg_pool2d(images, 2)), scale_factor=2, mode='bilinear'
    ).softmax(1)
    assert torch.allclose(maps, wanted, atol=1e-4)


def test_what_the_loss_gave_rare_classes_is_taken_back(checkpoints, segmentation):
    weight = [1.0, *[4.0] * (len(CLASSES) - 1)]
    adjusted = SegmentationEmbedder(
        SEGMENTOR, checkpoints['segmentor'], CLASSES, output='probability', class_weight=weight
    )
    images = torch.rand(2, 3, SIZE, SIZE) * 2 - 1
    posterior = segmentation.logits(images).softmax(1) / torch.tensor(weight)[:, None, None]
    assert torch.allclose(adjusted(images), posterior / posterior.sum(1, keepdim=True), atol=1e-5)
    with pytest.raises(ValueError, match='class_weight'):
        SegmentationEmbedder(SEGMENTOR, checkpoints['segmentor'], CLASSES, class_weight=[1.0, 2.0])
