# Ws of the weights that come with the package: 128 px, holes painted by hand among the rectangles.
_base_ = './segmentation_faces.py'
size = 128
holes = dict(type='RandomChoice', transforms=[
    [dict(type='boostgan.RandomRectangleMask', probability=0.75)],
    [dict(type='boostgan.FreeFormMask')],
])
_base_.train_dataloader.dataset.pipeline[0] = holes
train_dataloader = dict(dataset=dict(size=size))
val_dataloader = dict(dataset=dict(size=size))
test_dataloader = dict(dataset=dict(size=size))
model = dict(data_preprocessor=dict(size=(size, size)))
