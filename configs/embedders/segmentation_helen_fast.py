# The eleven parts of Helen; of CelebAMask-HQ with --cfg-options data=celebamaskhq.
_base_ = ['./segmentation_ade20k_fast.py', '../_base_/names/faces.py']
data_root = 'data/helen'
train_cfg = dict(max_iters=20_000, val_interval=5_000)
# In a mirrored face left and right are exchanged.
flip = dict(type='RandomFlip', prob=0.5, swap_seg_labels=[(2, 3), (4, 5)])
sometimes = dict(_base_.hole, probability=0.75)
mirrored_pipeline = [*_base_.load, *_base_.cut, flip, sometimes, *_base_.erased]
parts = dict(type='BaseSegDataset', data_prefix=_base_.files, metainfo=dict(classes=_base_.regions))
train_dataloader = dict(
    dataset=dict(dataset=dict(parts, ann_file='segmentation_train.txt', pipeline=mirrored_pipeline))
)
val_dataloader = dict(dataset=dict(parts, ann_file='segmentation_val.txt'))
test_dataloader = dict(dataset=dict(parts, ann_file='segmentation_test.txt'))
model = dict(decode_head=dict(num_classes=len(_base_.regions)))
masks = dict(data_prefix=dict(img_path='CelebA-HQ-img'))
choices = dict(
    data=dict(
        celebamaskhq=dict(
            data_root='data/celebahq',
            train_dataloader=dict(dataset=dict(dataset=masks)),
            val_dataloader=dict(dataset=masks),
            test_dataloader=dict(dataset=masks),
        )
    )
)
