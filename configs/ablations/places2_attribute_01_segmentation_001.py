_base_ = '../boostgan_places2.py'
model = dict(loss=dict(lambda_attribute=0.1, lambda_segmentation=0.01))
