# Two Adams in whichever of bfloat16 and float32 the machine is faster in, their rates falling to
# zero in a cosine, an average of the generator.
train_cfg = dict(type='IterBasedTrainLoop', max_iters=200_000, val_interval=5_000)
val_cfg = dict()
test_cfg = dict()
optim_wrapper = dict(
    constructor='PerNetworkOptimWrapperConstructor',
    generator=dict(
        type='AutocastOptimWrapper',
        optimizer=dict(type='Adam', lr=2e-4, betas=(0.9, 0.999), fused=True),
    ),
    discriminator=dict(
        type='AutocastOptimWrapper',
        optimizer=dict(type='Adam', lr=2e-4, betas=(0.5, 0.999), fused=True),
    ),
)
model_wrapper_cfg = dict(type='boostgan.InpainterDistributedDataParallel')
param_scheduler = [dict(type='CosineAnnealingLR', by_epoch=False, eta_min=1e-6)]
common_hooks = [
    dict(type='ProgressBarHook'),
    dict(type='LossCurvesHook'),
    dict(type='InpaintingVisualizationHook', count=8),
    dict(type='StrictResumeHook'),
    dict(type='DivergenceHook'),
    dict(type='SpikeHook'),
    dict(type='PinnedDiscriminatorHook'),
]
custom_hooks = [*common_hooks, dict(type='GeneratorEMAHook', momentum=0.001)]
