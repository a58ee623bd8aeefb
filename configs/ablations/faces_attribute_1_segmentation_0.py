_base_ = '../boostgan_faces.py'
model = dict(loss=dict(lambda_attribute=1, lambda_segmentation=0))
