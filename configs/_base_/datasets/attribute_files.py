# d1: attribute labels as tools/dataset_converters write them, for mmpretrain, at 256 px: images of
# any size, mirrored ones among them. Three of four training images get a hole, as Wa will read both
# corrupted and whole images; the labels stay whole.
load = dict(type='boostgan.LoadImage')
fit = [
    dict(type='ResizeEdge', scale=256, edge='short'),
    dict(type='boostgan.CenterSquareCrop', size=256),
]
cut = [
    dict(type='ResizeEdge', scale=288, edge='short'),
    dict(type='boostgan.RandomSquareCrop', size=256, scale=(0.9, 1.0)),
]
flip = dict(type='RandomFlip', prob=0.5)
hole = dict(type='boostgan.RandomRectangleMask')
erased = [dict(type='boostgan.ApplyMask'), dict(type='PackInputs')]
train_pipeline = [load, *cut, flip, dict(hole, probability=0.75), *erased]
val_pipeline = [load, *fit, dict(hole, seed=1), *erased]
test_pipeline = [load, *fit, dict(hole, seed=2), *erased]
train_dataloader = dict(
    batch_size=32,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.SeededInfiniteSampler', shuffle=True),
    dataset=dict(
        type='boostgan.SeededDatasetWrapper',
        dataset=dict(
            type='MultiLabelDataset', ann_file='attributes_train.json', pipeline=train_pipeline
        ),
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='MultiLabelDataset',
        ann_file='attributes_val.json',
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='MultiLabelDataset',
        ann_file='attributes_test.json',
        test_mode=True,
        pipeline=test_pipeline,
    ),
)
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
