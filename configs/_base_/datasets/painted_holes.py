# Rectangles, of which one in four is left out (see faces_labelled.py), and holes painted by hand.
painted_holes = dict(type='RandomChoice', transforms=[
    [dict(type='boostgan.RandomRectangleMask', probability=0.75)],
    [dict(type='boostgan.FreeFormMask')],
])
