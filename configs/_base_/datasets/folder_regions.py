# d2: colour terms as regions, for mmseg.
_base_ = ['./folder_colours.py', '../names/colours.py']
pack = dict(type='PackSegInputs')
names = dict(classes=_base_.regions)
_base_.train_dataloader.dataset.update(metainfo=names)
_base_.train_dataloader.dataset.pipeline.append(pack)
_base_.val_dataloader.dataset.update(metainfo=names)
_base_.val_dataloader.dataset.pipeline.append(pack)
_base_.test_dataloader.dataset.update(metainfo=names)
_base_.test_dataloader.dataset.pipeline.append(pack)
val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
test_evaluator = val_evaluator
