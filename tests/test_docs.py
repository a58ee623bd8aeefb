"""The documentation: every command in it can be given as it stands, and the site is built.

The code of docs/composing.md is run by end_to_end/test_composition.py, the figures are compared by
test_metafiles.py. Commands that train for hours or want data of others are not run: their options
are read by the tool itself, and the files that they name must exist.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
import re
import shlex
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT, run_script

PAGES = sorted([*ROOT.glob('*.md'), *(ROOT / 'docs').rglob('*.md')])
#: Programs of others; their own words are not ours to check.
FOREIGN = {'.', '[', 'apt-get', 'cd', 'ln', 'mkdir', 'pre-commit', 'scontrol', 'tensorboard'}
ANY_BLOCK = re.compile(r'^```(\w*)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r'(?<=\n\n)(?: {4}.*\n|\n(?= {4}))+')


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each command of a page: in blocks of a shell, or indented."""
    text = page.read_text()
    blocks = [
        code for language, code in ANY_BLOCK.findall(text) if language in ('bash', 'console', 'sh')
    ]
    blocks += INDENTED.findall(ANY_BLOCK.sub('', text) + '\n')
    for line in '\n'.join(blocks).replace('\\\n', ' ').splitlines():
        words: list[str] = []
        for word in [*shlex.split(line.strip().removeprefix('$ '), comments=True), '&&']:
            if word not in ('&&', '||'):
                words.append(word)
            elif words:
                yield words
                words = []


CASES = [(page, words) for page in PAGES for words in commands(page)]


@pytest.mark.parametrize(
    'page, words', CASES, ids=[f'{page.stem}: {shlex.join(words)}' for page, words in CASES]
)
def test_a_command_can_be_given(page, words, monkeypatch):
    monkeypatch.chdir(ROOT)
    check(words, monkeypatch)


def check(words: list[str], monkeypatch) -> None:
    words = [word for word in words if word != '...']
    variables = list(takewhile(re.compile(r'[A-Z_]+=').match, words))
    program, *arguments = words[len(variables) :]
    if program == 'python' and arguments[:2] == ['-m', 'pytest']:
        check(arguments[1:], monkeypatch)
    elif program == 'python' and arguments[0] == '-c':
        compile(arguments[1], '-c', 'exec')
    elif program == 'python' and arguments[0] == '-m':
        assert (ROOT / f'{arguments[1].replace(".", "/")}.py').is_file()
    elif program == 'python' and '/' not in arguments[0]:
        pass  # A script that the page shows; tests/docs runs it.
    elif program == 'python':
        check_tool(arguments[0], arguments[1:], monkeypatch)
    elif program.endswith('.sh'):
        check_launcher(program, arguments, monkeypatch)
    elif program == '--cfg-options':
        check_tool('tools/train.py', ['config.py', *words], monkeypatch)
    elif program == 'pip':
        check_pip(arguments)
    elif program == 'make':
        makefile = (ROOT / 'Makefile').read_text()
        assert re.search(rf'^{arguments[0]}\b.*:', makefile, re.MULTILINE)
    elif program == 'docker':
        check_docker(arguments, monkeypatch)
    elif program in ('pytest', 'bash'):
        assert (ROOT / next(word for word in arguments if not word.startswith('-'))).exists()
    else:
        assert program in FOREIGN, f'nothing here knows whether {words} is right'


class Parsed(Exception):  # noqa: N818
    """The tool took its options; what it would do then is not done."""


def check_tool(tool: str, arguments: list[str], monkeypatch) -> None:
    """The tool itself reads the options, and the configs that they name are there."""
    parse = ArgumentParser.parse_args

    def parse_and_stop(*given):
        parse(*given)
        raise Parsed

    monkeypatch.setattr(ArgumentParser, 'parse_args', parse_and_stop)
    with pytest.raises(Parsed):
        run_script(ROOT / tool, *arguments)
    for word in arguments:
        if word.startswith('configs/'):
            assert (ROOT / word).is_file(), f'there is no {word}'


def check_launcher(script: str, arguments: list[str], monkeypatch) -> None:
    """It gets all arguments that it asks for, and the tool behind it takes the rest."""
    launcher = (ROOT / script).read_text()
    names = re.findall(r'^(\w+)=\$\{\d:\?', launcher, re.MULTILINE)
    given = dict(zip(names, arguments))
    assert len(given) == len(names), f'{script} needs {names}'
    tool = re.search(r'/(\w+\.py)"', launcher).group(1)
    # What is in brackets is a placeholder.
    rest = shlex.split(re.sub(r'\[.*\]', '', shlex.join(arguments[len(names) :]).replace("'", '')))
    for_tool = [given[name] for name in ('CONFIG', 'CHECKPOINT') if name in given]
    check_tool(f'tools/{tool}', [*for_tool, *rest], monkeypatch)


def check_pip(arguments: list[str]) -> None:
    assert arguments[0] == 'install'
    for flag, word in zip(arguments, arguments[1:], strict=False):
        if flag == '-r':
            assert (ROOT / word).is_file()
    extras = tomllib.loads((ROOT / 'pyproject.toml').read_text())['tool']['setuptools']['dynamic'][
        'optional-dependencies'
    ]
    for names in re.findall(r'\.\[(.*)\]', ' '.join(arguments)):
        assert set(names.split(',')) <= set(extras)


def check_docker(arguments: list[str], monkeypatch) -> None:
    dockerfile = (ROOT / 'Dockerfile').read_text()
    for name in re.findall(r'--build-arg (\w+)=', ' '.join(arguments)):
        assert re.search(rf'^ARG {name}\b', dockerfile, re.MULTILINE)
    if 'python' in arguments:
        check(arguments[arguments.index('python') :], monkeypatch)


@pytest.mark.parametrize(
    'words',
    [
        ['python', 'tools/inpaint.py', '--imagee', 'a.png'],
        ['python', 'tools/train.py', 'configs/no_such_config.py'],
        ['tools/dist_train.sh', 'configs/no_such_config.py', '4'],
        ['pip', 'install', '.[no_such_extra]'],
        ['make', 'no-such-target'],
        ['no-such-program'],
    ],
)
def test_what_is_wrong_is_found(words, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check(words, monkeypatch)


def test_extras_are_the_files_of_requirements():
    project = tomllib.loads((ROOT / 'pyproject.toml').read_text())
    dynamic = project['tool']['setuptools']['dynamic']
    files = {
        dynamic['dependencies']['file'],
        'requirements/lock.txt',
        *(extra['file'] for extra in dynamic['optional-dependencies'].values()),
    }
    assert files == {
        path.relative_to(ROOT).as_posix() for path in (ROOT / 'requirements').glob('*.txt')
    }


def test_the_lock_file_holds_what_is_required():
    def names(path: Path) -> set[str]:
        lines = re.sub(r'#.*', '', path.read_text()).split('\n')
        return {
            re.split(r'[\[<>=;]', line)[0].strip().lower().replace('_', '-')
            for line in lines
            if line.strip()
        }

    locked = names(ROOT / 'requirements/lock.txt') | {'opencv-python'}  # As the headless one.
    for path in set((ROOT / 'requirements').glob('*.txt')) - {ROOT / 'requirements/optional.txt'}:
        assert names(path) <= locked, path.name


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path):
    pytest.importorskip('mkdocs')
    done = subprocess.run(
        [sys.executable, '-m', 'mkdocs', 'build', '--strict', '-d', tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    api = (tmp_path / 'api/models.html').read_text()
    assert 'id="boostgan_plugin.models.inpainters.BoostGAN"' in api
    loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="(https?:[^"]*)"', api)
    assert not loaded, f'the pages fetch from elsewhere: {loaded}'


def test_the_container_is_made_of_what_is_there():
    """No Docker is needed to see that a file it copies was renamed or is kept out."""
    dockerfile = (ROOT / 'Dockerfile').read_text().replace('\\\n', ' ')
    copied = {
        source.split('/')[0]
        for line in re.findall(r'^COPY (.*)$', dockerfile, re.MULTILINE)
        for source in line.split()[:-1]
    }
    lines = (ROOT / '.dockerignore').read_text().splitlines()
    assert {line[1:] for line in lines if line.startswith('!')} == copied
    assert all((ROOT / source).exists() for source in copied)
    assert set(re.findall(r'^FROM \S+ AS (\w+)$', dockerfile, re.MULTILINE)) == {
        'base',
        'cpu',
        'cuda',
    }
    needed = {'setuptools', 'onnxruntime'}
    assert all(
        re.search(rf'^{name}==', (ROOT / 'requirements/lock.txt').read_text(), re.MULTILINE)
        for name in needed
    )
