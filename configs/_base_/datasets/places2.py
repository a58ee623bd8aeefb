# d0: the 20 scene categories of Places365-Standard.
_base_ = './lists.py'
data_root = 'data/places365'
