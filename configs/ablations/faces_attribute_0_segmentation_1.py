_base_ = '../boostgan_faces.py'
model = dict(loss=dict(lambda_attribute=0, lambda_segmentation=1))
