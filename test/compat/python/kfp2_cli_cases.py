"""The command line of kfp 2.x: every verb that talks to a server, as a table and as JSON."""
from kfp.cli.__main__ import main

from cases import case, equal, kfp_command
from kfp2_pipelines import compiled, failing, greeting

state = {}


def kfp(line, answer='', expect=0):
    return kfp_command(main, line, answer, expect)


def kfp_json(line):
    return kfp(f'--output json {line}').json()


@case('pipeline create, list, get')
def _():
    path = compiled(greeting, 'cli-greeting.yaml')
    state['path'] = path
    made = kfp_json(f'pipeline create -p cli-greeting -d words {path}')
    state['pipeline'] = made['pipeline_id']
    equal(made['display_name'], 'cli-greeting')
    assert 'cli-greeting' in kfp('pipeline list').stdout
    assert state['pipeline'] in [item['pipeline_id'] for item in kfp_json('pipeline list --max-size 50 --sort-by "created_at desc"')]
    equal(kfp_json(f'pipeline get {state["pipeline"]}')['display_name'], 'cli-greeting')
    assert kfp(f'pipeline get {state["pipeline"]}').stdout


@case('pipeline upload, the deprecated spelling')
def _():
    equal(kfp_json(f'pipeline upload -p cli-uploaded {state["path"]}')['display_name'], 'cli-uploaded')


@case('pipeline create-version, upload-version, list-versions, get-version, delete-version')
def _():
    pipeline = state['pipeline']
    first = kfp_json(f'pipeline create-version -v one -p {pipeline} {state["path"]}')
    equal((first['display_name'], first['pipeline_id']), ('one', pipeline))
    second = kfp_json(f'pipeline upload-version -v two -n cli-greeting {state["path"]}')
    equal(second['pipeline_id'], pipeline)
    equal([item['display_name'] for item in kfp_json(f'pipeline list-versions {pipeline}')], ['two', 'one', 'cli-greeting'])
    equal(kfp_json(f'pipeline get-version {pipeline} {first["pipeline_version_id"]}')['pipeline_version_id'], first['pipeline_version_id'])
    kfp(f'pipeline delete-version {pipeline} {second["pipeline_version_id"]}', answer='y\n')
    equal(len(kfp_json(f'pipeline list-versions {pipeline}')), 2)
    state['version'] = first['pipeline_version_id']


@case('experiment create, list, get, archive, unarchive, delete')
def _():
    made = kfp_json('experiment create -d words cli-experiment')
    assert made['experiment_id'] in [item['experiment_id'] for item in kfp_json('experiment list')]
    assert 'cli-experiment' in kfp('experiment list').stdout
    equal(kfp_json(f'experiment get {made["experiment_id"]}')['display_name'], 'cli-experiment')
    equal(kfp_json(f'experiment archive --experiment-id {made["experiment_id"]}')['storage_state'], 'ARCHIVED')
    equal(kfp_json('experiment unarchive --experiment-name cli-experiment')['storage_state'], 'AVAILABLE')
    kfp(f'experiment delete {made["experiment_id"]}', answer='y\n')
    assert made['experiment_id'] not in [item['experiment_id'] for item in kfp_json('experiment list')]


@case('run create of a file, watched to its end')
def _():
    result = kfp(f'run create -e cli-runs -r by-file -f {state["path"]} -w text=file times=4')
    assert 'SUCCEEDED' in result.stdout, result.stdout


@case('run create of a version, and of a pipeline by name')
def _():
    made = kfp_json(f'run create -e cli-runs -p {state["pipeline"]} -v {state["version"]} text=version')
    state['run'] = made['run_id']
    waited = kfp_json(f'run create -e cli-runs -n cli-greeting -v {state["version"]} -t 60 text=name')
    equal(waited['state'], 'SUCCEEDED')


@case('run submit, the deprecated spelling')
def _():
    equal(kfp_json(f'run submit -e cli-runs -f {compiled(failing, "cli-failing.yaml")} -t 60')['state'], 'FAILED')


@case('run list, get, archive, unarchive, delete')
def _():
    run = state['run']
    experiment = kfp_json('experiment create cli-runs')['experiment_id']
    assert run in [item['run_id'] for item in kfp_json(f'run list -e {experiment}')]
    assert run in kfp('run list').stdout
    equal(kfp_json(f'run get {run}')['run_id'], run)
    assert 'Run is finished' in kfp(f'run get -w {run}').stdout
    assert kfp(f'run get -d {run}').json()['run_id'] == run
    equal(kfp_json(f'run archive {run}')['storage_state'], 'ARCHIVED')
    equal(kfp_json(f'run unarchive {run}')['storage_state'], 'AVAILABLE')
    kfp(f'run delete {run}', answer='y\n')
    kfp(f'run get {run}', expect=1)


@case('recurring-run create, list, get, disable, enable, delete')
def _():
    made = kfp_json(
        f'recurring-run create --experiment-name cli-runs --job-name cli-job --cron-expression "0 0 3 * * *" '
        f'--pipeline-id {state["pipeline"]} --version-id {state["version"]} --max-concurrency 1 --no-catchup --enabled text=job')
    equal((made['display_name'], made['status']), ('cli-job', 'ENABLED'))
    assert made['recurring_run_id'] in [item['recurring_run_id'] for item in kfp_json('recurring-run list')]
    equal(kfp_json(f'recurring-run disable {made["recurring_run_id"]}')['status'], 'DISABLED')
    equal(kfp_json(f'recurring-run enable {made["recurring_run_id"]}')['status'], 'ENABLED')
    equal(kfp_json(f'recurring-run get {made["recurring_run_id"]}')['recurring_run_id'], made['recurring_run_id'])
    kfp(f'recurring-run delete {made["recurring_run_id"]}', answer='y\n')
    assert made['recurring_run_id'] not in [item['recurring_run_id'] for item in kfp_json('recurring-run list')]


@case('a filter and a page size of the command line reach the server')
def _():
    filter_text = '{"predicates":[{"operation":"EQUALS","key":"name","string_value":"cli-greeting"}]}'
    equal([item['display_name'] for item in kfp_json(f"pipeline list --filter '{filter_text}'")], ['cli-greeting'])
    equal(len(kfp_json('run list -m 1')), 1)


@case('pipeline delete, once its versions are gone')
def _():
    for version in kfp_json(f'pipeline list-versions {state["pipeline"]}'):
        kfp(f'pipeline delete-version {state["pipeline"]} {version["pipeline_version_id"]}', answer='y\n')
    kfp(f'pipeline delete {state["pipeline"]}', answer='y\n')
    kfp(f'pipeline get {state["pipeline"]}', expect=1)


@case('an error of the server ends the command with 1')
def _():
    result = kfp('run get 00000000-0000-0000-0000-000000000000', expect=1)
    assert 'not found' in result.stderr + result.stdout
