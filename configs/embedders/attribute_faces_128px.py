# Wa of the weights that come with the package: 128 px, holes painted by hand among the rectangles.
_base_ = ['./attribute_faces.py', '../_base_/datasets/painted_holes.py']
size = 128
_base_.train_dataloader.dataset.pipeline[0] = _base_.painted_holes
train_dataloader = dict(dataset=dict(size=size))
val_dataloader = dict(dataset=dict(size=size))
test_dataloader = dict(dataset=dict(size=size))
