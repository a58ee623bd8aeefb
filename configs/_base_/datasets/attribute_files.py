# d1: attribute labels as tools/dataset_converters write them, for mmpretrain. Three of four
# training images get a hole, as Wa will read both corrupted and whole images; the labels stay
# whole. A config that builds on this puts the resizing behind the loading.
load = dict(type='boostgan.LoadImage')
erase = dict(type='boostgan.EraseHole')
pack = dict(type='PackInputs')
train_dataloader = dict(
    batch_size=32,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.CountingSampler', shuffle=True),
    dataset=dict(
        type='boostgan.CountedDataset',
        dataset=dict(
            type='MultiLabelDataset',
            ann_file='attributes_train.json',
            pipeline=[
                load, dict(type='boostgan.RandomRectangleMask', probability=0.75), erase, pack])),
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
        pipeline=[load, dict(type='boostgan.RandomRectangleMask', seed=1), erase, pack]),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='MultiLabelDataset',
        ann_file='attributes_test.json',
        test_mode=True,
        pipeline=[load, dict(type='boostgan.RandomRectangleMask', seed=2), erase, pack]),
)
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
