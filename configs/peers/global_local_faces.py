_base_ = [
    '../_base_/models/global_local.py', '../_base_/datasets/faces.py',
    '../_base_/schedules/inpainting_cpu.py', '../_base_/runtime.py'
]
iters = _base_.train_cfg.max_iters
_base_.model.phases[0].steps = iters * 18 // 100
_base_.model.phases[1].steps = iters * 2 // 100
model = dict(
    generator=dict(base_channels=32),
    discriminator=dict(image_size=64, base_channels=32, max_channels=128, features=256))
