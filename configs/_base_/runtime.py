custom_imports = dict(imports=['boostgan_plugin'], allow_failed_imports=False)
default_scope = 'boostgan'

default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=50),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(
        type='boostgan.DurableCheckpointHook', interval=1000, minutes=10, max_keep_ckpts=3
    ),
    sampler_seed=dict(type='DistSamplerSeedHook'),
)
visualizer = dict(
    type='mmengine.Visualizer',
    vis_backends=[
        dict(type='mmengine.LocalVisBackend'),
        dict(type='mmengine.TensorboardVisBackend'),
    ],
)
log_processor = dict(by_epoch=False, window_size=50)
env_cfg = dict(
    cudnn_benchmark=True,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)
randomness = dict(seed=0)
log_level = 'INFO'
load_from = None
resume = False
