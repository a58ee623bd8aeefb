_base_ = [
    '../_base_/models/global_local.py', '../_base_/datasets/celebahq.py',
    '../_base_/schedules/inpainting.py', '../_base_/runtime.py'
]
