# d2: region labels as tools/dataset_converters write them, for mmseg. Three of four training images
# get a hole, as Ws will read both corrupted and whole images; the labels stay whole. A config that
# builds on this puts the resizing behind the loading, and the names of the classes in.
load = [dict(type='boostgan.LoadImage'), dict(type='LoadAnnotations')]
erase = dict(type='boostgan.EraseHole')
pack = dict(type='PackSegInputs')
files = dict(img_path='images', seg_map_path='annotations')
train_dataloader = dict(
    batch_size=8,
    num_workers=4,
    persistent_workers=True,
    sampler=dict(type='boostgan.CountingSampler', shuffle=True),
    dataset=dict(
        type='boostgan.CountedDataset',
        dataset=dict(
            type='BaseSegDataset',
            ann_file='segmentation_train.txt',
            data_prefix=files,
            pipeline=[
                *load, dict(type='boostgan.RandomRectangleMask', probability=0.75), erase, pack])),
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
        pipeline=[*load, dict(type='boostgan.RandomRectangleMask', seed=1), erase, pack]),
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
        pipeline=[*load, dict(type='boostgan.RandomRectangleMask', seed=2), erase, pack]),
)
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
