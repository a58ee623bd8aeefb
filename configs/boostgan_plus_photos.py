# Real photographs at 256 px. Those to train on are few and under licences that allow to pass the
# weights on (docs/photographs.md). Wa and Ws read colour terms.
_base_ = [
    '_base_/models/boostgan_plus.py',
    '_base_/datasets/folder.py',
    '_base_/datasets/photographs_varied.py',
    '_base_/names/colours.py',
    '_base_/runtime.py',
]
data_root = 'data/photographs_open'
iters = 4200
model = dict(
    generator=dict(channels=[48, 96, 192, 256], full_channels=24),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_photos.py',
        checkpoint='work_dirs/attribute_photos',
        attributes=_base_.attributes,
        reduction=2,
    ),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_photos.py',
        checkpoint='work_dirs/segmentation_photos',
        classes=_base_.regions,
        reduction=2,
        # As in the embedder's loss.
        class_weight=[1.2, 0.7, 1.3, 3.2, 3.5, 2.7, 1, 1, 5.7, 3.3, 0.8],
    ),
    perceptual=dict(
        attribute=['backbone.layer1', 'backbone.layer2', 'backbone.layer3'],
        segmentation=['backbone.stem', 'backbone.encoder.0', 'backbone.encoder.1'],
    ),
    augmentation=dict(type='DiscriminatorAugmentation'),
)
train_pipeline = [_base_.load, _base_.flip, _base_.tone, _base_.holes, _base_.pack]
train_dataloader = dict(num_workers=6, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(batch_size=13, num_workers=1)
test_dataloader = dict(num_workers=1)
train_cfg = dict(max_iters=iters, val_interval=1000)
optim_wrapper = _base_.on_cpu.optim_wrapper
param_scheduler = _base_.on_cpu.param_scheduler
custom_hooks = _base_.on_cpu.custom_hooks
# Larger holes than it was trained on get their texture from the photograph.
inference = dict(detail='patches')
val_evaluator = [dict(type='PixelMetrics'), dict(type='DetailEnergy')]
test_evaluator = val_evaluator
