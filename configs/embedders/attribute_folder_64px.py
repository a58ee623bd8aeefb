# 64 px and a schedule for two CPU cores.
_base_ = [
    '../_base_/models/attribute_resnet.py', '../_base_/datasets/folder_attributes.py',
    '../_base_/schedules/embedder_cpu.py', '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
_base_.train_dataloader.dataset.pipeline[0].crop.size = 64
_base_.val_dataloader.dataset.pipeline[0].crop.size = 64
_base_.test_dataloader.dataset.pipeline[0].crop.size = 64
train_dataloader = dict(num_workers=1)
val_dataloader = dict(num_workers=1)
test_dataloader = dict(num_workers=1)
model = dict(
    data_preprocessor=dict(num_classes=len(_base_.attributes)),
    head=dict(num_classes=len(_base_.attributes)))
