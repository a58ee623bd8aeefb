# As folder.py, and what is other for d0 of the paper: a config takes the entries of celebahq or
# places2, or offers them as choices.
_base_ = './folder.py'
# What tools/dataset_converters write.
lists = dict(
    train_dataloader=dict(dataset=dict(ann_file='inpainting_train.txt', split=None)),
    val_dataloader=dict(dataset=dict(ann_file='inpainting_val.txt', split=None)),
    test_dataloader=dict(dataset=dict(ann_file='inpainting_test.txt', split=None)),
)
# The 20 scene categories of Places365-Standard.
places2 = dict(data_root='data/places365', **lists)
# The faces are aligned, so nothing is cut off.
aligned_pipeline = [_base_.fit, _base_.flip, _base_.hole, _base_.pack]
aligned = dict(dataset=dict(ann_file='inpainting_train.txt', split=None, pipeline=aligned_pipeline))
celebahq = dict(lists, data_root='data/celebahq', train_dataloader=aligned)
