# Judges restored faces: another width, seed and training set than Ws's; whole images.
_base_ = './segmentation_faces.py'
whole = dict(_base_.hole, probability=0)
val_pipeline = [dict(whole, seed=1), _base_.erase, _base_.pack]
test_pipeline = [dict(whole, seed=2), _base_.erase, _base_.pack]
train_dataloader = dict(dataset=dict(split='judge', pipeline=_base_.whole_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
choices = dict(_delete_=True)
model = dict(backbone=dict(base_channels=24), decode_head=dict(in_channels=24, channels=24))
randomness = dict(seed=1)
