# The weights that come with the package: 128 px, holes painted by hand among the rectangles.
_base_ = './boostgan_plus_faces.py'
size = 128
iters = 20_000
model = dict(
    teacher_forcing_prob=0.4,
    # Chosen on validation faces: louder brings hardly more, and leaks.
    emphasis=2.0,
    consistency=dict(type='SemanticConsistencyLoss', attribute=0.1),
    generator=dict(channels=[32, 64, 128, 192], full_channels=24, region_colours=True),
    discriminator=dict(channels=[32, 64, 128, 192], segmentation_stage=2),
    # What they tell of the hole does not get better with more pixels.
    attribute_embedder=dict(reduction=2),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces_told.py',
        checkpoint='work_dirs/segmentation_faces_told',
        num_attributes=len(_base_.attributes),
        classes=[*_base_.regions, *_base_.accessories],
        # As in the embedder's loss.
        class_weight=[0.6, 1.2, 7.4, 7.4, 6.9, 6.9, 3.8, 7.9, 12, 6.4, 1.1, 6.4, 2.6],
        reduction=2,
    ),
)
holes = dict(
    type='RandomChoice',
    transforms=[
        [dict(type='RandomRectangleMask')],
        [dict(type='FreeFormMask')],
    ],
)
train_pipeline = [holes, dict(type='CounterfactualFace'), dict(type='PackInpaintingInputs')]
train_dataloader = dict(dataset=dict(size=size, length=20_000, pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(size=size))
test_dataloader = dict(dataset=dict(size=size))
inference = dict(image_size=size)
train_cfg = dict(max_iters=iters, val_interval=1000)
test_evaluator = [
    dict(type='PixelMetrics'),
    dict(type='DetailEnergy'),
    dict(type='FrechetDistance', features=dict(type='EfficientNetLiteFeatures', size=64)),
]
