# -*- coding: utf-8 -*-
# Runs xm files as xm does (execfile, xm_vars) and prints what variables they leave, one file a line.
# Runs under Python 2 and 3. Usage: python harness.py FILE...
import io, os, sys

PY3 = sys.version_info[0] > 2
NUMBERS = (int,) if PY3 else (int, long)
TEXTS = (str, bytes) if PY3 else (str, unicode)


def text(value):
    if not PY3 and isinstance(value, unicode):
        value = value.encode('utf-8')
    elif PY3 and isinstance(value, str):
        value = value.encode('utf-8', 'surrogateescape')
    return "'" + ''.join(chr(b) if 32 <= b < 127 and b not in (39, 92) else '\\x%02x' % b for b in bytearray(value)) + "'"


def canon(value):
    if value is None or value is True or value is False:
        return str(value)
    if isinstance(value, NUMBERS):
        return '%d' % value + ('L' if not PY3 and isinstance(value, long) else '')
    if isinstance(value, float):
        return 'f' + '%.10g' % value
    if isinstance(value, TEXTS):
        return ('u' if not PY3 and isinstance(value, unicode) else '') + text(value)
    if isinstance(value, list):
        return '[' + ', '.join(map(canon, value)) + ']'
    if isinstance(value, tuple):
        return '(' + ', '.join(map(canon, value)) + ')'
    if isinstance(value, dict):
        return '{' + ', '.join(sorted(canon(k) + ': ' + canon(v) for k, v in value.items())) + '}'
    if isinstance(value, set):
        return '<' + ', '.join(sorted(map(canon, value))) + '>'
    return None


class Vars:
    def __init__(self, env):
        self.env, self.wanted = env, []

    def var(self, name, use=None, check=None):
        self.wanted.append((name, check))

    def check(self):
        for name, check in self.wanted:
            if check:
                try:
                    self.env[name] = check(name, self.env.get(name))
                except Exception as ex:
                    raise type(ex)(name + ' - ' + str(ex))


def run(path):
    with io.open(path, 'rb') as f:
        source = f.read()
    env = {'os': os, 'sys': sys}
    for line in source.decode('utf-8').split('\n'):
        if line.startswith('# variables: '):
            for pair in line[13:].split():
                name, value = pair.split('=', 1)
                env[str(name)] = str(value)
    given = dict(env)
    env['xm_vars'] = Vars(env)
    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = printed = io.StringIO() if PY3 else __import__('StringIO').StringIO()
    end = ''
    try:
        try:
            exec(compile(source, path, 'exec'), env)
        finally:
            sys.stdout, sys.stderr = out, err
    except (Exception, SystemExit) as ex:
        end = '!' + type(ex).__name__ + '\t' + text(str(ex))
    if end:
        return end
    parts = []
    for name in sorted(env):
        value = None if name.startswith('_') else canon(env[name])
        if value is not None and (name not in given or env[name] is not given[name]):
            parts.append(name + '=' + value)
    for line in printed.getvalue().splitlines():
        parts.append('print ' + text(line.rstrip()))
    return '\t'.join(parts)


for argument in sys.argv[1:]:
    print(os.path.basename(argument)[:-3] + '\t' + run(argument))
