# The weights that come with the package: 128 px, holes painted by hand among the rectangles, and a
# generator that is told the truth now and then, so that it follows what a person says.
_base_ = './boostgan_faces.py'
size = 128
iters = 10_000
_small = dict(image_size=size, base_channels=16)
model = dict(
    told=0.5,
    consistency=dict(type='SemanticConsistencyLoss', attribute=0.03, segmentation=0.005),
    generator=dict(base_channels=16, downsample_factor=8),
    discriminator=dict(overall=_small, attribute=_small, segmentation=_small),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_faces_128px.py',
        checkpoint='work_dirs/attribute_faces_128px'),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_faces_128px.py',
        checkpoint='work_dirs/segmentation_faces_128px'),
    loss=dict(beta=0.003),
)
holes = dict(type='RandomChoice', transforms=[
    [dict(type='RandomRectangleMask')],
    [dict(type='FreeFormMask')],
])
_base_.train_dataloader.dataset.pipeline[0] = holes
train_dataloader = dict(dataset=dict(size=size))
val_dataloader = dict(dataset=dict(size=size))
test_dataloader = dict(dataset=dict(size=size))
inference = dict(image_size=size)
train_cfg = dict(max_iters=iters, val_interval=1000)
optim_wrapper = dict(discriminator=dict(optimizer=dict(lr=2e-4)))
