_base_ = [
    '../_base_/models/context_encoder.py', '../_base_/datasets/places2.py',
    '../_base_/schedules/inpainting.py', '../_base_/runtime.py'
]
