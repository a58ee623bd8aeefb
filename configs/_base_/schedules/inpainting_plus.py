# As inpainting.py, for BoostGAN+. Without norms in the generator, a higher rate or its first steps
# unwarmed end in saturation.
_base_ = './inpainting.py'
optim_wrapper = dict(
    generator=dict(optimizer=dict(betas=(0.9, 0.99)), clip_grad=dict(max_norm=1.)))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.02, end=60),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=60, eta_min=1e-6),
]
