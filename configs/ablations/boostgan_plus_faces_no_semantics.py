# The generator is given no semantics; the discriminators judge by those of the original, as ever.
_base_ = '../boostgan_plus_faces.py'
model = dict(semantics='none', told=0)
