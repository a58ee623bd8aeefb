# As boostgan_celebahq.py, with readers of the size of the paper's time, its three discriminators,
# and the map as it is printed.
_base_ = ['./boostgan_celebahq.py', '_base_/models/paper_discriminators.py']
model = dict(
    generator=dict(segmentation_encoding='label'),
    discriminator=dict(_delete_=True, **_base_.paper_discriminators),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_celeba_paper.py',
        checkpoint='work_dirs/attribute_celeba_paper'),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_helen_paper.py',
        checkpoint='work_dirs/segmentation_helen_paper'))
