# d1: SUN2012, 20 scenes and 40 objects.
_base_ = ['./attribute_fitted.py', '../names/places.py']
data_root = 'data/sun2012'
