"""Serve the web page: load a photo, paint a hole, say what shall be there, restore it."""

import argparse
from functools import partial
from ipaddress import ip_address
from pathlib import Path
import signal
import sys

from boostgan_plugin.resources import prepare_server
from boostgan_plugin.web.limits import RequestLimits

#: Faces to try at once.
EXAMPLES = (40000005, 40000002, 40000001, 40000008)


def parse_args(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--model',
        nargs='+',
        metavar='MODEL',
        default=['faces', 'photos', 'patches'],
        help='a name that tools/inpaint.py --list-models lists, a .safetensors or '
        '.onnx file, or a config (default: faces, photos and patches); of '
        'several, the one that knows such photos best, or people choose',
    )
    parser.add_argument('--weights', help='of a config: a checkpoint or a work directory')
    parser.add_argument('--device', help='such as cpu or cuda:0; default the best one here')
    parser.add_argument(
        '--host',
        default='127.0.0.1',
        help='address to serve at (default: %(default)s, this computer alone)',
    )
    parser.add_argument('--port', type=int, help='default: the first free one from 7860 on')
    parser.add_argument(
        '--max-megapixels',
        type=float,
        default=RequestLimits.megapixels,
        help='larger photos are refused (default: %(default)s)',
    )
    parser.add_argument(
        '--time-limit',
        type=float,
        default=RequestLimits.seconds,
        metavar='SECONDS',
        help='for one request (default: %(default)s)',
    )
    parser.add_argument(
        '--max-upload-mb',
        type=float,
        default=RequestLimits.upload_mb,
        help='larger files are refused (default: %(default)s)',
    )
    parser.add_argument(
        '--max-memory-gb',
        type=float,
        default=RequestLimits.memory_gb,
        help='for one request (default: %(default)s)',
    )
    parser.add_argument(
        '--max-disk-gb',
        type=float,
        default=RequestLimits.disk_gb,
        help='for the files of all people; the oldest ones are deleted (default: %(default)s)',
    )
    return parser.parse_args(argv)


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'


def sources_of(args: argparse.Namespace) -> dict[str, tuple[str, str | None, str | None]]:
    """Model, weights and device by the names that people choose among."""
    if args.weights and len(args.model) > 1:
        raise ValueError('--weights goes with one --model')
    sources = {Path(model).stem: (model, args.weights, args.device) for model in args.model}
    if len(sources) < len(args.model):
        raise ValueError(
            f'two of {", ".join(args.model)} have one name: people could not tell them apart'
        )
    return sources


def main(argv: list[str] | None = None) -> None:
    args = parse_args(argv)
    prepare_server()
    try:
        from boostgan_plugin.inference.knowledge import knowledge_of
        from boostgan_plugin.web.backend import Models, Opener, WorkerBackend
        from boostgan_plugin.web.controller import InpaintingController
        from boostgan_plugin.web.page import serve
        from boostgan_plugin.web.worker import Worker
    except ModuleNotFoundError as error:
        if error.name != 'gradio':
            raise
        sys.exit('the web page needs Gradio: pip install ".[web]"')
    if not is_loopback(args.host):
        print(
            f'WARNING: all who reach {args.host} can use this page; it has no passwords and no '
            'encryption',
            file=sys.stderr,
        )
    # A service that is stopped also deletes the files of people.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        limits = RequestLimits(
            args.max_megapixels,
            args.time_limit,
            args.max_upload_mb,
            args.max_memory_gb,
            args.max_disk_gb,
        )
        sources = sources_of(args)
        networks = Worker(partial(Models, sources, limits), limits)
        photos = Worker(partial(Opener, limits), limits)
        controllers = {
            name: InpaintingController(
                partial(photos.call, 'open'), WorkerBackend(networks, name), knowledge_of(model)
            )
            for name, (model, *_) in sources.items()
        }
        serve(
            controllers,
            lambda folder: networks.call('write_examples', folder, EXAMPLES),
            limits,
            args.host,
            args.port,
        )
    except (ValueError, OSError, ImportError, OverflowError) as error:
        sys.exit(f'error: {error}')


if __name__ == '__main__':
    main()
