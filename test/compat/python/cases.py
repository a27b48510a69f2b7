"""What the cases of both kfp versions share: collecting and running them, running kfp's command line, asking for errors."""
import contextlib
import io
import json
import os
import shlex
import sys
import traceback

ENDPOINT = os.environ['PIPEWRIGHT_COMPAT_ENDPOINT']
FOLDER = os.environ['PIPEWRIGHT_COMPAT_FOLDER']
TOKEN = os.environ.get('PIPEWRIGHT_COMPAT_TOKEN')

_cases = []


def case(title):
    """Registers a function as a case; cases run in the order they are written, and may build on earlier ones."""

    def register(function):
        _cases.append((title, function))
        return function

    return register


def run_cases():
    """Runs all cases; one line of JSON each on the real stdout, whatever kfp prints meanwhile."""
    report = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    for title, function in _cases:
        error = None
        try:
            function()
        except (Exception, SystemExit):
            error = traceback.format_exc()
        print(json.dumps({'title': title, 'error': error}), file=report, flush=True)


class CommandResult:
    """What a command of kfp has printed and how it ended."""

    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    def json(self):
        """The JSON it printed: kfp prints links to the dashboard before it."""
        lines = self.stdout.splitlines()
        start = next((at for at, line in enumerate(lines) if line[:1] in ('{', '[')), len(lines))
        return json.loads('\n'.join(lines[start:]))


def kfp_command(main, line, answer='', expect=0):
    """Runs kfp's own entry point in this process, as its console script does; `answer` is typed at its question."""
    stdout, stderr = io.StringIO(), io.StringIO()
    earlier = sys.argv, sys.stdin
    sys.argv, sys.stdin = ['kfp', '--endpoint', ENDPOINT, *shlex.split(line)], io.StringIO(answer)
    code = 0
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else (0 if end.code is None else 1)
    finally:
        sys.argv, sys.stdin = earlier
    result = CommandResult(code, stdout.getvalue(), stderr.getvalue())
    if expect is not None:
        assert code == expect, f'kfp {line}\nended with {code}\n{result.stdout}\n{result.stderr}'
    return result


def refused(status, call, contains=''):
    """The error body of a call that the server has to refuse with this status."""
    try:
        result = call()
    except Exception as error:
        got = getattr(error, 'status', None)
        body = getattr(error, 'body', None) or str(error)
        assert got == status, f'refused with {got}, not {status}: {body}'
        assert contains in body, f'{contains!r} is not in {body}'
        return body
    raise AssertionError(f'not refused: {result}')


def equal(actual, expected):
    assert actual == expected, f'{actual!r} is not {expected!r}'


def file_in_folder(name):
    return os.path.join(FOLDER, name)
