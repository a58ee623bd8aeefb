# d0: photographs without labels, holes as in the paper. Evaluation masks are fixed by a seed.
_base_ = './folder_images.py'
# The paper's holes are 0.31 to 0.63 of the image's side.
inference = dict(image_size=256, context=2.5)
pack = dict(type='PackInpaintingInputs')
_base_.train_dataloader.dataset.pipeline += [dict(type='RandomRectangleMask'), pack]
_base_.val_dataloader.dataset.pipeline += [dict(type='RandomRectangleMask', seed=1), pack]
_base_.test_dataloader.dataset.pipeline += [dict(type='RandomRectangleMask', seed=2), pack]
val_evaluator = dict(type='PixelMetrics')
test_evaluator = val_evaluator
