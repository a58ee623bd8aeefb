from boostgan_plugin.datasets.path_list import PathList


def test_round_trip():
    paths = ['a.png', 'b c/ä.jpg', 'd']
    listed = PathList('\n'.join(paths).encode())
    assert [listed[i] for i in range(len(listed))] == paths
    assert listed[-1] == 'd'


def test_empty():
    assert len(PathList(b'')) == 0
    assert len(PathList(b'\n\n')) == 0


def test_memory_is_little_more_than_the_text():
    text = '\n'.join(f'folder/image_{i:07d}.jpg' for i in range(100_000)).encode()
    listed = PathList(text)
    arrays = (listed._buffer, listed._starts, listed._ends)
    assert sum(array.nbytes for array in arrays) < len(text) + 20 * len(listed)
    assert listed[77_777] == 'folder/image_0077777.jpg'
