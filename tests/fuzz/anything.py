"""What people put where something else belongs."""

import math

from hypothesis import strategies as st

SCALARS = {
    'none': st.none(),
    'bool': st.booleans(),
    'int': st.integers(-9, 40),
    'float': st.sampled_from([-1.5, 0.5, 1.5, 1e9, math.nan, math.inf, -math.inf]),
    'text': st.text('ab-0./ü', max_size=4),
}
_ONE = st.one_of(*SCALARS.values())
KINDS = {
    **SCALARS,
    'list': st.lists(_ONE, max_size=3) | st.lists(_ONE, max_size=3).map(tuple),
    'dict': st.dictionaries(SCALARS['text'], _ONE, max_size=2),
}
ANYTHING = st.one_of(*KINDS.values())
