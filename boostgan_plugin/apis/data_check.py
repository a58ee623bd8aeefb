"""Looking at all that a config trains on before it is trained on."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
import hashlib
import json
import os
from pathlib import Path
import sys
from typing import Any

from mmengine.config import Config, ConfigDict
from mmengine.dataset import BaseDataset
from mmengine.registry import init_default_scope
import numpy as np

from boostgan_plugin import renamed
from boostgan_plugin.checkpoint import only_weights
from boostgan_plugin.datasets.faults import image_fault, label_map_fault
from boostgan_plugin.datasets.files import paths_in, samples_of
from boostgan_plugin.datasets.inpainting_dataset import InpaintingDataset
from boostgan_plugin.datasets.label_files import check_label_file, difference
from boostgan_plugin.datasets.left_out import read_left_out, write_left_out
from boostgan_plugin.datasets.scan import Scan, scan
from boostgan_plugin.files import write_durably
from boostgan_plugin.registry import DATASETS

from .config_tree import mappings
from .distributed import first_process

#: File in a work directory: what is left out of its training, and why.
LEFT_OUT = 'left_out.json'
#: File in a work directory: by which files it was trained.
_DATA = 'data.json'
#: The largest part of a data set that is left out without a person's consent.
MAX_RATIO = 0.01
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class _Part:
    """A data set that reads files: the split it is for, and its place in the config."""

    split: str
    node: ConfigDict
    kind: type

    @property
    def name(self) -> str:
        """For messages."""
        place = os.path.join(self.node.get('data_root') or '', self.node.get('ann_file') or '')
        return f'{place or self.node.type} ({self.split})'


@only_weights()
def check_data(config: Config, splits: Sequence[str] = ('train', 'val')) -> dict[str, str]:
    """Open every file that a config's data sets name, and have those left out that are broken.

    Labels are refused as a whole, files one by one: reasons by path go to ``left_out.json`` in the
    work directory, and the data sets of the config are told to leave these out. Whole files are
    remembered: a second time costs no more than a look at their times. What they hold is noted for
    :func:`seen_data`.

    Args:
        config: ``data_check=dict(ratio=...)`` says which part of a data set may be left out,
            default 1 %; ``data_check=None`` turns it off.
        splits: whose data sets to look at.

    Returns:
        What is left out, reasons by path.

    Raises:
        FileNotFoundError: a folder, list or label file is missing.
        ValueError: labels of another form than they should have, classes that differ between
            splits, or more broken files than may be left out; the message names them.
    """
    options = config.get('data_check', {})
    if options is None or options is False:
        (Path(config.work_dir) / _DATA).unlink(missing_ok=True)
        return {}
    renamed.keys(options, 'data_check.', share='ratio')
    init_default_scope(config.get('default_scope', 'mmengine'))
    parts = [part for split in splits for part in _parts(config, split)]
    _check_labels(parts, config)
    path = Path(config.work_dir) / LEFT_OUT
    with first_process(config) as is_first:
        if is_first:
            _scan_all(parts, path, options.get('ratio', MAX_RATIO))
    if not path.is_file():
        return {}
    for part in parts:
        _leave_out(part, str(path))
    return read_left_out(path)


def seen_data(work_dir: str | Path) -> dict[str, dict[str, Any]]:
    """By which files a work directory was trained: by split, the number of ``files`` and a
    ``sha256``, which tells their contents and order from others, wherever they lie; empty where
    there are none, as with images that are drawn, or where they were not checked."""
    note = Path(work_dir) / _DATA
    return json.loads(note.read_text()) if note.is_file() else {}


def _parts(config: Config, split: str) -> Iterator[_Part]:
    dataset = (config.get(f'{split}_dataloader') or {}).get('dataset', {})
    with DATASETS.switch_scope_and_registry(config.get('default_scope')) as registry:
        for node in mappings(dataset):
            kind = registry.get(node['type']) if isinstance(node.get('type'), str) else None
            if isinstance(kind, type) and issubclass(kind, BaseDataset):
                yield _Part(split, node, kind)


def _build(part: _Part) -> BaseDataset:
    """To be listed, not drawn from."""
    node = deepcopy(part.node)
    node.pop('leave_out', None)
    if 'pipeline' in node:
        node.pipeline = []
    dataset = DATASETS.build(node)
    dataset.full_init()
    return dataset


# Labels -----------------------------------------------------------------------------------------


def _check_labels(parts: Sequence[_Part], config: Config) -> None:
    """Refuse files of attribute labels before a data set is made of them."""
    seen: dict[str, Sequence[str]] = {}
    for part in parts:
        if part.kind.__name__ == 'MultiLabelDataset':
            place = _label_file(part)
            wanted = part.node.get('metainfo', {}).get('classes') or part.node.get('classes')
            seen[place] = check_label_file(place, None if isinstance(wanted, str) else wanted)
            _check_head(place, seen[place], config)
    _check_one_order(seen)


def _label_file(part: _Part) -> str:
    return os.path.join(part.node.get('data_root') or '', part.node.ann_file)


def _check_one_order(classes: Mapping[str, Sequence[str]]) -> None:
    """Number i has to be the same class in all splits."""
    (first, names), *others = classes.items() or [('', ())]
    for place, other in others:
        if tuple(other) != tuple(names):
            raise ValueError(
                f'{place} has other classes than {first}, or another order: '
                f'{difference(other, names)}. A number would mean one thing in '
                'training and another in evaluation: write both with one list'
            )


def _check_head(place: str, classes: Sequence[str], config: Config) -> None:
    head = config.get('model', {}).get('head') or {}
    if head.get('num_classes', len(classes)) != len(classes):
        raise ValueError(
            f'{place} has {len(classes)} classes, the model {head["num_classes"]}: '
            'set model.head.num_classes and model.data_preprocessor.num_classes'
        )


# Files ------------------------------------------------------------------------------------------


def _scan_all(parts: Sequence[_Part], note: Path, ratio: float) -> None:
    left_out: dict[str, str] = {}
    scans, classes = {}, {}
    for part in parts:
        dataset = _build(part)
        if hasattr(dataset, 'reduce_zero_label'):
            classes[part.name] = dataset.metainfo.get('classes') or ()
        found = [scan(*job) for job in _jobs(part, dataset)]
        left_out.update(fault for one in found for fault in one.faults.items())
        scans[part] = found
    _check_one_order(classes)
    if left_out:
        write_left_out(note, left_out)
    else:
        note.unlink(missing_ok=True)
    data = note.with_name(_DATA)
    if summed := _summed(scans):
        write_durably(data, json.dumps(summed))
    else:
        data.unlink(missing_ok=True)
    for part, found in scans.items():
        _tell(part, found, note, ratio)
    _tell_common(scans)


def _summed(scans: Mapping[_Part, Sequence[Scan]]) -> dict[str, dict[str, Any]]:
    counts: Counter[str] = Counter()
    sums: dict[str, Any] = defaultdict(hashlib.sha256)
    for part, found in scans.items():
        for number, one in enumerate(found):
            counts[part.split] += len(one.contents)
            sums[part.split].update(b'%d %d ' % (number, len(one.contents)))
            sums[part.split].update(one.contents.tobytes())
        if found and part.kind.__name__ == 'MultiLabelDataset':
            sums[part.split].update(Path(_label_file(part)).read_bytes())
    return {
        split: dict(files=count, sha256=sums[split].hexdigest())
        for split, count in counts.items()
        if count
    }


def _jobs(part: _Part, dataset: BaseDataset) -> Iterator[tuple]:
    """Arguments of :func:`scan`, for each kind of file."""
    title = f'Checking {part.name}'
    least = _least_side(part.node.get('pipeline', ()))
    if isinstance(dataset, InpaintingDataset):
        yield (
            dataset.paths,
            lambda path: image_fault(path, least),
            f'image {least}',
            len(dataset),
            title,
        )
        return
    first = next(iter(samples_of(dataset)), {})
    if not list(paths_in(first)):
        return
    yield (
        _named(dataset, 'img_path'),
        lambda path: image_fault(path, least),
        f'image {least}',
        len(dataset),
        title,
    )
    classes = len(dataset.metainfo.get('classes') or ())
    from_one = bool(getattr(dataset, 'reduce_zero_label', False))
    if classes and 'seg_map_path' in first:
        yield (
            _named(dataset, 'seg_map_path'),
            lambda path: label_map_fault(path, classes, from_one),
            f'label map {classes} {from_one}',
            len(dataset),
            f'{title}, label maps',
        )


def _named(dataset: BaseDataset, name: str) -> Iterator[str]:
    return (sample[name] for sample in samples_of(dataset) if isinstance(sample.get(name), str))


def _least_side(pipeline: Sequence[Mapping]) -> int:
    """How long the short side of a file's image has to be for its crop; 0 for any."""
    for step in pipeline:
        name = str(step.get('type')).rpartition('.')[2]
        if name == 'LoadCrop':
            return step['crop']['size']
        if name.endswith('SquareCrop'):
            return step['size']
        if 'Resize' in name:
            return 0
    return 0


def _tell(part: _Part, found: Sequence[Scan], note: Path, ratio: float) -> None:
    """Say what was found.

    Raises:
        ValueError: more than the ratio is left out.
    """
    count = max((one.count for one in found), default=0)
    faults = {path: fault for one in found for path, fault in one.faults.items()}
    if any(one.opened for one in found):
        print(
            f'{part.name}: {count} samples checked, {len(faults)} left out'
            + (f', see {note}' if faults else ''),
            flush=True,
        )
    if len(faults) <= ratio * count:
        return
    shown = '\n'.join(f'  {path} {fault}' for path, fault in list(faults.items())[:_SHOWN])
    more = f'\n  and {len(faults) - _SHOWN} more' if len(faults) > _SHOWN else ''
    raise ValueError(
        f'{part.name}: {len(faults)} of {count} samples cannot be used, more than {ratio:.1%}:\n'
        f'{shown}{more}\nAll are named in {note}. Mend or remove them, or allow more, such as '
        '--cfg-options data_check.ratio=0.1'
    )


def _tell_common(scans: Mapping[_Part, Sequence[Scan]]) -> None:
    """Remark on files that are trained on and evaluated with, by whatever links."""
    trained = [
        one.identities
        for part, found in scans.items()
        if part.split == 'train'
        for one in found[:1]
    ]
    for part, found in scans.items():
        for mine in trained if part.split != 'train' else ():
            common = len(np.intersect1d(mine, found[0].identities)) if found else 0
            if common:
                print(
                    f'warning: {common} of the files of {part.name} are trained on, too: what '
                    'is measured on them says little',
                    file=sys.stderr,
                    flush=True,
                )


def _leave_out(part: _Part, note: str) -> None:
    """Have a data set leave out what a note names."""
    if part.kind is InpaintingDataset:
        part.node.leave_out = note
    elif not issubclass(part.kind, InpaintingDataset):
        dataset = deepcopy(part.node)
        part.node.clear()
        part.node.update(type='boostgan.SeededDatasetWrapper', dataset=dataset, leave_out=note)
