# As boostgan_celebahq.py, with networks of the size of the paper's time.
_base_ = './boostgan_celebahq.py'
model = dict(
    attribute_embedder=dict(
        config='{{ fileDirname }}/embedders/attribute_celeba_paper.py',
        checkpoint='work_dirs/attribute_celeba_paper'),
    segmentation_embedder=dict(
        config='{{ fileDirname }}/embedders/segmentation_helen_paper.py',
        checkpoint='work_dirs/segmentation_helen_paper'))
