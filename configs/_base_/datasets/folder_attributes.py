# d1: colour terms as attributes, for mmpretrain.
_base_ = ['./folder_colours.py', '../names/colours.py']
pack = dict(type='PackInputs')
names = dict(classes=_base_.attributes)
_base_.train_dataloader.dataset.update(metainfo=names)
_base_.train_dataloader.dataset.pipeline.append(pack)
_base_.val_dataloader.dataset.update(metainfo=names)
_base_.val_dataloader.dataset.pipeline.append(pack)
_base_.test_dataloader.dataset.update(metainfo=names)
_base_.test_dataloader.dataset.pipeline.append(pack)
val_evaluator = [dict(type='AveragePrecision'), dict(type='MultiLabelMetric', average='macro')]
test_evaluator = val_evaluator
