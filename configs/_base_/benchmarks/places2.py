# The five systems of the paper on Places2, 256 px.
configs = '{{ fileDirname }}/../..'
systems = [
    dict(name='CE', config=f'{configs}/peers/context_encoder_places2.py'),
    dict(name='GL', config=f'{configs}/peers/global_local_places2.py'),
    dict(name='PConv', config=f'{configs}/peers/partial_conv_places2.py'),
    dict(name='GntIpt', config=f'{configs}/peers/contextual_attention_places2.py'),
    dict(name='BoostGAN', config=f'{configs}/boostgan_places2.py'),
]
