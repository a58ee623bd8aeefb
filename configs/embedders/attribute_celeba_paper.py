_base_ = [
    '../_base_/models/attribute_resnet101.py', '../_base_/datasets/celeba.py',
    '../_base_/schedules/embedder.py', '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
optim_wrapper = dict(optimizer=dict(lr=3e-4))
model = dict(
    data_preprocessor=dict(num_classes=len(_base_.attributes)),
    head=dict(num_classes=len(_base_.attributes)))
