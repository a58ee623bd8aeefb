# As boostgan_places2.py, with readers of the size of the paper's time, its three discriminators,
# and the map as it is printed.
_base_ = ['./boostgan_places2.py', '_base_/models/paper_discriminators.py']
model = dict(
    generator=dict(segmentation_encoding='label'),
    discriminator=dict(_delete_=True, **_base_.paper_discriminators),
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_sun_paper.py',
        checkpoint='work_dirs/attribute_sun_paper'),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_ade20k_paper.py',
        checkpoint='work_dirs/segmentation_ade20k_paper'))
