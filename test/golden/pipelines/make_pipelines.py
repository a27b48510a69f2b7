"""Pipelines that go through what the SDK can say, with what each must come to.

Compiled by `python make_pipelines.py` (needs kfp and kfp-kubernetes 2.17) into the .yaml files beside this one and expected.json.
test/golden/pipelines.test.ts runs them. TMP stands for a folder the test makes.
"""
import json
import pathlib
from typing import Dict, List, NamedTuple, Optional

from kfp import compiler, dsl, kubernetes
from kfp.dsl import (ClassificationMetrics, Dataset, HTML, Input, InputPath, Markdown, Metrics, Output, OutputPath, component,
                     pipeline)

HERE = pathlib.Path(__file__).parent
EXPECTED = {}


def expect(outcome, **arguments):
    """outcome: the run's output parameters, or its state."""

    def register(made):
        compiler.Compiler().compile(made, str(HERE / f'{made.name}.yaml'))
        EXPECTED[made.name] = {'arguments': arguments, 'expected': outcome}
        return made

    return register


@component
def ident(s: str) -> str:
    return s
@component
def add(a: int, b: int) -> int:
    return a + b
@component
def typed(i: int, f: float, b: bool, l: list, d: dict, s: str = "def", o: Optional[str] = None, oi: Optional[int] = None) -> str:
    assert type(i) is int, type(i)
    assert type(f) in (float,int), type(f)
    assert type(b) is bool, type(b)
    assert type(l) is list and type(d) is dict
    return repr((i, float(f), b, l, d, s, o, oi))
@component
def fail(msg: str = 'x') -> str:
    raise RuntimeError(msg)
@component
def gen_list(n: int) -> List[int]:
    return list(range(n))
@component
def gen_dicts() -> List[Dict[str, str]]:
    return [{'a': 'x', 'b': '1'}, {'a': 'y"q', 'b': '2'}]
@component
def total(xs: List[int]) -> int:
    return sum(xs)
@component
def nested_total(xs: List[List[int]]) -> str:
    return repr(xs)
@component
def mk(d: Output[Dataset], text: str, m: Output[Metrics]):
    d.metadata['rows'] = 3
    d.metadata['nested'] = {'k': [1, 2.5, True, None]}
    open(d.path, 'w').write(text)
    m.log_metric('acc', 0.5)
@component
def rd(d: Input[Dataset]) -> str:
    return open(d.path).read() + '|' + str(d.metadata.get('rows')) + '|' + repr(d.metadata.get('nested'))
@component
def rd_many(ds: Input[List[Dataset]]) -> str:
    return ','.join(open(x.path).read() for x in ds)

UNI = 'zażółć "quoted" \'single\' \n newline {{$.x}} $(HOME) [[x]] \\back %s {"a":1}'
@expect({'Output': UNI}, s=UNI)
@pipeline(name='unicode')
def p1(s: str) -> str:
    return ident(s=s).output

@expect({'Output': repr((3, 3.0, True, [1, 'a', {'b': False}], {'x': [1, {'y': 'z"'}]}, 'def', None, None))})
@pipeline(name='types')
def p2(i: int = 3, f: float = 3.0, b: bool = True, l: list = [1, 'a', {'b': False}], d: dict = {'x': [1, {'y': 'z"'}]}) -> str:
    return typed(i=i, f=f, b=b, l=l, d=d).output

@expect({'Output': 'pre-5-post-5 {"q"}'})
@pipeline(name='fstring')
def p3(n: int = 5) -> str:
    t = add(a=n, b=0)
    return ident(s=f'pre-{t.output}-post-{n} {{"q"}}').output

@pipeline(name='inner-sum')
def inner(n: int) -> int:
    with dsl.ParallelFor([1, 2, 3]) as x:
        t = add(a=x, b=n)
    return total(xs=dsl.Collected(t.output)).output

@expect({'Output': repr([[9, 9], [12, 12]])})
@pipeline(name='nested-collect')
def p4() -> str:
    with dsl.ParallelFor([1, 2]) as n:
        with dsl.ParallelFor([0, 0]) as z:
            t = inner(n=n)
    return nested_total(xs=dsl.Collected(t.output)).output

@expect({'Output': 'big'}, n=7)
@pipeline(name='ifelse')
def p5(n: int) -> str:
    with dsl.If(n > 10):
        a = ident(s='huge')
    with dsl.Elif(n > 5):
        with dsl.If(n == 7):
            b0 = ident(s='seven')
        b = ident(s='big')
    with dsl.Else():
        c = ident(s='small')
    return dsl.OneOf(a.output, b.output, c.output)

@expect('FAILED')
@pipeline(name='exit-handler')
def p6():
    e = ident(s='cleanup')
    with dsl.ExitHandler(e):
        f = fail(msg='boom "q"')
        ident(s=f.output)

@component
def status(st: dsl.PipelineTaskFinalStatus) -> str:
    return st.state + '|' + st.pipeline_task_name + '|' + (st.error_message or '')[:4]
@expect('FAILED')
@pipeline(name='final-status')
def p7():
    e = status()
    with dsl.ExitHandler(e):
        fail()

@expect({'Output': "a|3|{'k': [1, 2.5, True, None]}"})
@pipeline(name='artifact-meta')
def p9() -> str:
    m = mk(text='a')
    return rd(d=m.outputs['d']).output

@expect({'Output': 'A,B,C'})
@pipeline(name='artifact-collected')
def p10() -> str:
    with dsl.ParallelFor(['A', 'B', 'C']) as t:
        m = mk(text=t)
    return rd_many(ds=dsl.Collected(m.outputs['d'])).output

@component
def flaky(path: str) -> str:
    import os
    n = int(open(path).read()) if os.path.exists(path) else 0
    open(path, 'w').write(str(n + 1))
    if n < 2: raise SystemExit(3)
    return str(n)
@expect({'Output': '2'}, path='TMP/flaky')
@pipeline(name='retry')
def p11(path: str) -> str:
    return flaky(path=path).set_retry(3, backoff_duration='0s').set_caching_options(False).output

@dsl.container_component
def echo(text: str, out: OutputPath(str), opt: Optional[str] = None):
    return dsl.ContainerSpec(image='alpine', command=['sh', '-c', 'printf "%s" "$*" > "$0"', out], args=[dsl.ConcatPlaceholder(['--t=', text, '!']), dsl.IfPresentPlaceholder('opt', ['--opt', opt], ['--none'])])
@expect({'Output': '--t=hey! --none'})
@pipeline(name='concat')
def p12() -> str:
    return echo(text='hey').outputs['out']
@expect({'Output': '--t=hey! --opt v'})
@pipeline(name='ifpresent')
def p13(o: str = 'v') -> str:
    return echo(text='hey', opt=o).outputs['out']

@component
def multi(a: int) -> NamedTuple('O', [('x', int), ('y', str), ('z', dict)]):
    from collections import namedtuple
    return namedtuple('O', 'x y z')(a, str(a), {'a': a})
@expect({'x': 4, 'y': '4', 'z': {'a': 4}})
@pipeline(name='multi')
def p14() -> NamedTuple('R', x=int, y=str, z=dict):
    m = multi(a=4)
    R = NamedTuple('R', x=int, y=str, z=dict)
    return R(x=m.outputs['x'], y=m.outputs['y'], z=m.outputs['z'])

@component
def paths(o: OutputPath(int), l: OutputPath(list), ds: OutputPath('Dataset'), inp: InputPath('Dataset')):
    open(o, 'w').write('42'); open(l, 'w').write('[1,2]'); open(ds, 'w').write(open(inp).read() + '!')
@component
def rdp(inp: InputPath('Dataset'), n: int, l: list) -> str:
    return open(inp).read() + str(n) + repr(l)
@expect({'Output': 'q!42[1, 2]'})
@pipeline(name='paths')
def p15() -> str:
    m = mk(text='q')
    p = paths(inp=m.outputs['d'])
    return rdp(inp=p.outputs['ds'], n=p.outputs['o'], l=p.outputs['l']).output

@expect({'Output': 10})
@pipeline(name='cond-in-loop-collected')
def p16() -> int:
    with dsl.ParallelFor([1, 2, 3, 4]) as n:
        a = add(a=n, b=0)
        with dsl.If(a.output > 0):
            b = add(a=a.output, b=0)
    return total(xs=dsl.Collected(b.output)).output

@expect({'Output': 'ok'})
@pipeline(name='env-res')
def p17() -> str:
    @component
    def e() -> str:
        import os
        return os.environ['FOO']
    t = e().set_env_variable('FOO', 'ok').set_cpu_limit('200').set_memory_limit('900G').set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(8).set_display_name('My step')
    return t.output

@expect('FAILED')
@pipeline(name='ignore-upstream-fail')
def p20():
    f = fail()
    ident(s='after').after(f).ignore_upstream_failure()

@expect({'Output': 'v1'}, uri='TMP/table.csv')
@pipeline(name='importer')
def p21(uri: str) -> str:
    i = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=False, metadata={'rows': 9, 'u': uri})
    @component
    def r(d: Input[Dataset]) -> str:
        assert d.metadata['rows'] == 9 and d.metadata['u'].endswith('table.csv'), d.metadata
        return open(d.path).read()
    return r(d=i.output).output

@expect({'Output': '499500'})
@pipeline(name='loop1000')
def p22() -> str:
    g = gen_list(n=1000)
    with dsl.ParallelFor(g.output) as n:
        @dsl.container_component
        def c(n: int, out: OutputPath(int)):
            return dsl.ContainerSpec(image='busybox', command=['sh', '-c', 'printf "%s" "$0" > "$1"', n, out])
        t = c(n=n)
    s = total(xs=dsl.Collected(t.outputs['out']))
    return ident(s=f'{s.output}').output

@pipeline(name='l3')
def l3(s: str, opt: Optional[str] = None, d: int = 3) -> str:
    with dsl.If(d == 3):
        a = ident(s=s)
    with dsl.Else():
        b = ident(s='no')
    return dsl.OneOf(a.output, b.output)
@pipeline(name='l2')
def l2(s: str) -> str:
    return l3(s=s).output
@expect({'Output': 'deep'})
@pipeline(name='deep')
def p23() -> str:
    return l2(s='deep').output

@expect({'Output':'user1|cmv|'})
@pipeline(name='k-env')
def k1() -> str:
    @component
    def e() -> str:
        import os
        return os.environ['U']+'|'+os.environ['CM']+'|'+('' if os.environ['POD'] else 'nopod')
    t = e()
    kubernetes.use_secret_as_env(t, secret_name='sec', secret_key_to_env={'username': 'U'})
    kubernetes.use_config_map_as_env(t, config_map_name='cm', config_map_key_to_env={'k': 'CM'})
    kubernetes.use_field_path_as_env(t, env_name='POD', field_path='metadata.name')
    return t.output
@component
def wr(p: str) -> str:
    open(p + '/f', 'w').write('data'); return p
@component
def rdv(p: str) -> str:
    return open(p + '/f').read()
@expect({'Output':'data'})
@pipeline(name='k-pvc')
def k2() -> str:
    pvc = kubernetes.CreatePVC(pvc_name_suffix='-my', access_modes=['ReadWriteOnce'], size='1Gi', storage_class_name='x')
    w = wr(p='/data')
    kubernetes.mount_pvc(w, pvc_name=pvc.outputs['name'], mount_path='/data')
    r = rdv(p='/other/deep').after(w)
    kubernetes.mount_pvc(r, pvc_name=pvc.outputs['name'], mount_path='/other/deep')
    kubernetes.DeletePVC(pvc_name=pvc.outputs['name']).after(r)
    return r.output
@expect({'Output':'user1'})
@pipeline(name='k-secvol')
def k3(s: str = 'sec') -> str:
    @component
    def r() -> str:
        return open('/mnt/s/username').read()
    t = r()
    kubernetes.use_secret_as_volume(t, secret_name=s, mount_path='/mnt/s')
    kubernetes.empty_dir_mount(t, volume_name='e', mount_path='/mnt/e', medium='Memory', size_limit='1Mi')
    kubernetes.add_node_selector(t, 'a', 'b'); kubernetes.add_toleration(t, key='k', operator='Exists')
    kubernetes.set_image_pull_policy(t, 'Always')
    return t.output
@expect('FAILED')
@pipeline(name='k-timeout')
def k4():
    @component
    def sl():
        import time; time.sleep(30)
    t = sl(); kubernetes.set_timeout(t, 1)
@expect('FAILED')
@pipeline(name='exit-pipeline')
def k5():
    @component
    def noop(st: dsl.PipelineTaskFinalStatus):
        print(st)
    e = noop()
    with dsl.ExitHandler(e, name='h'):
        with dsl.ParallelFor([1,2,3], parallelism=2) as i:
            a = add(a=i, b=1)
            with dsl.If(a.output == 3):
                fail(msg='only second')
@expect({'Output': 'T-F-1.5'})
@pipeline(name='cond-types')
def k6(b: bool = True, f: float = 1.5, s: str = 'it\'s') -> str:
    with dsl.If(b == True):
        with dsl.If(f >= 1.5):
            with dsl.If(f < 1.6):
                x = ident(s=f'T-F-{f}')
    with dsl.If(s == 'no'):
        fail()
    return ident(s='T-F-1.5').output
@expect({'Output': 'a2'})
@pipeline(name='container-artifacts')
def k7() -> str:
    @dsl.container_component
    def mkc(ds: Output[Dataset]):
        return dsl.ContainerSpec(image='busybox', command=['sh','-c','mkdir -p "$0"; echo -n a > "$0/x"; echo -n 2 > "$0/y"'], args=[ds.path])
    @component
    def r(d: Input[Dataset]) -> str:
        import os
        return open(os.path.join(d.path,'x')).read()+open(os.path.join(d.path,'y')).read()
    return r(d=mkc().outputs['ds']).output
@component
def helper_user(n: int) -> int:
    return n
@expect({'Output': repr('default')})
@pipeline(name='opt-chain')
def k9(o: Optional[str] = None) -> str:
    @component
    def r(x: Optional[str] = None, y: str = 'default') -> str:
        return repr(x or y)
    return r(x=o).output
@expect({'Output': "['1', '2', '3']"})
@pipeline(name='loop-param-str')
def k10(items: List[str] = ['1', '2', '3']) -> str:
    @component
    def l(xs: List[str]) -> str:
        return str(xs)
    with dsl.ParallelFor(items) as i:
        t = ident(s=i)
    return l(xs=dsl.Collected(t.output)).output
@expect({'Output': 'Infinity-nan ok'})
@pipeline(name='bigstr')
def k12() -> str:
    @component
    def mkbig() -> str:
        return 'x' * 300000
    @component
    def ln(s: str) -> str:
        assert len(s) == 300000
        return 'Infinity-nan ok'
    return ln(s=mkbig().output).output
@expect({'Output': 'ab'})
@pipeline(name='pythonic')
def k13() -> str:
    @component
    def mkp() -> Dataset:
        d = Dataset(uri=dsl.get_uri(), metadata={'q': 1})
        open(d.path, 'w').write('ab')
        return d
    @component
    def r(d: Dataset) -> str:
        assert d.metadata['q'] == 1
        return open(d.path).read()
    return r(d=mkp().output).output

(HERE / 'expected.json').write_text(json.dumps(EXPECTED, indent=2, ensure_ascii=False) + '\n')
