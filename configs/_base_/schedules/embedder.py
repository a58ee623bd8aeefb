train_cfg = dict(type='IterBasedTrainLoop', max_iters=20_000, val_interval=5_000)
val_cfg = dict()
test_cfg = dict()
optim_wrapper = dict(
    type='boostgan.AutocastOptimWrapper',
    optimizer=dict(type='AdamW', lr=1e-3, weight_decay=0.01, fused=True),
)
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, start_factor=0.1, end=500),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=500, eta_min=1e-6),
]
custom_hooks = [
    dict(type='boostgan.ChannelsLastHook'),
    dict(type='boostgan.ProgressBarHook'),
    dict(type='boostgan.LossCurvesHook'),
    dict(type='boostgan.StrictResumeHook'),
    dict(type='boostgan.DivergenceHook'),
    dict(type='boostgan.SpikeHook'),
]
