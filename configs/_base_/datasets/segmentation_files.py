# d2: region labels as tools/dataset_converters write them, for mmseg, at 256 px: images of any
# size, mirrored ones among them. Three of four training images get a hole, as Ws will read both
# corrupted and whole images; the labels stay whole. A config that builds on this puts the names of
# the classes in.
load = [dict(type='boostgan.LoadImage'), dict(type='LoadAnnotations')]
fit = [
    dict(type='ResizeShortestEdge', scale=256, max_size=4096),
    dict(type='boostgan.CenterSquareCrop', size=256),
]
cut = [
    dict(type='ResizeShortestEdge', scale=288, max_size=4096),
    dict(type='boostgan.RandomSquareCrop', size=256, scale=(0.9, 1.0)),
]
flip = dict(type='RandomFlip', prob=0.5)
hole = dict(type='boostgan.RandomRectangleMask')
erased = [dict(type='boostgan.ApplyMask'), dict(type='PackSegInputs')]
train_pipeline = [*load, *cut, flip, dict(hole, probability=0.75), *erased]
val_pipeline = [*load, *fit, dict(hole, seed=1), *erased]
test_pipeline = [*load, *fit, dict(hole, seed=2), *erased]
files = dict(img_path='images', seg_map_path='annotations')
train_dataloader = dict(
    batch_size=8,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.SeededInfiniteSampler', shuffle=True),
    dataset=dict(
        type='boostgan.SeededDatasetWrapper',
        dataset=dict(
            type='BaseSegDataset',
            ann_file='segmentation_train.txt',
            data_prefix=files,
            pipeline=train_pipeline,
        ),
    ),
)
val_dataloader = dict(
    batch_size=8,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='BaseSegDataset',
        ann_file='segmentation_val.txt',
        data_prefix=files,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=8,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='BaseSegDataset',
        ann_file='segmentation_test.txt',
        data_prefix=files,
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
