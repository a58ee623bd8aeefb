_base_ = [
    '../_base_/models/segmentation_unet.py', '../_base_/datasets/faces_parts.py',
    '../_base_/schedules/embedder_cpu.py', '../_base_/runtime.py'
]
default_scope = 'mmseg'
