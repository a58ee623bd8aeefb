_base_ = [
    '../_base_/models/attribute_resnet.py', '../_base_/datasets/faces_attributes.py',
    '../_base_/schedules/embedder_cpu.py', '../_base_/runtime.py'
]
default_scope = 'mmpretrain'
