"""The Python client of kfp 2.x: what people call, and what they read in the answers."""
import json

import kfp
from kfp import client as kfp_client

from cases import ENDPOINT, TOKEN, case, equal, refused
from kfp2_pipelines import compiled, failing, greeting, needy, packed, waiting

client = kfp_client.Client(host=ENDPOINT, existing_token=TOKEN)
state = {}


def equals(key, value):
    return json.dumps({'predicates': [{'operation': 1, 'key': key, 'stringValue': value}]})


def ended(run_id, expected='SUCCEEDED'):
    run = client.wait_for_run_completion(run_id, timeout=60, sleep_duration=0.2)
    equal(run.state, expected)
    return run


@case('the client is made, and the server has one user and no namespace')
def _():
    equal(client.get_kfp_healthz().multi_user in (None, False), True)
    equal(kfp_client.Client(host=ENDPOINT, namespace='anything', existing_token=TOKEN).list_experiments().total_size, 1)


@case('a YAML pipeline is uploaded with its first version, and found by name')
def _():
    state['greeting.yaml'] = path = compiled(greeting, 'greeting.yaml')
    pipeline = client.upload_pipeline(path, pipeline_name='greeting', description='one')
    equal((pipeline.display_name, pipeline.description), ('greeting', 'one'))
    assert pipeline.created_at.tzinfo is not None
    state['pipeline'] = pipeline.pipeline_id
    equal(client.get_pipeline_id('greeting'), pipeline.pipeline_id)
    equal(client.get_pipeline_id('nothing of this name'), None)
    equal(client.get_pipeline(pipeline.pipeline_id).display_name, 'greeting')
    versions = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    equal([version.display_name for version in versions], ['greeting'])
    equal(versions[0].pipeline_spec['pipelineInfo']['name'], 'greeting')


@case('archives are uploaded too, and without a name the file gives it')
def _():
    for path in packed(state['greeting.yaml']):
        pipeline = client.upload_pipeline(path, pipeline_name=path.rsplit('.', 1)[1])
        client.delete_pipeline_version(pipeline.pipeline_id, client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions[0].pipeline_version_id)
        client.delete_pipeline(pipeline.pipeline_id)
    nameless = client.upload_pipeline(compiled(needy, 'needy.yaml'))
    assert 'needy' in nameless.display_name, nameless.display_name
    state['needy'] = nameless.pipeline_id


@case('a pipeline function is uploaded, as a pipeline and as a version')
def _():
    pipeline = client.upload_pipeline_from_pipeline_func(failing, pipeline_name='failing')
    version = client.upload_pipeline_version_from_pipeline_func(failing, 'second', pipeline_name='failing')
    equal(version.pipeline_id, pipeline.pipeline_id)
    equal(client.list_pipeline_versions(pipeline.pipeline_id).total_size, 2)


@case('versions are uploaded, listed in pages, filtered and deleted')
def _():
    ids = [client.upload_pipeline_version(state['greeting.yaml'], f'v{n}', pipeline_id=state['pipeline']).pipeline_version_id for n in range(3)]
    by_name = client.upload_pipeline_version(state['greeting.yaml'], 'v3', pipeline_name='greeting', description='by name')
    equal(by_name.pipeline_id, state['pipeline'])
    page = client.list_pipeline_versions(state['pipeline'], page_size=2, sort_by='created_at desc')
    equal((len(page.pipeline_versions), page.total_size), (2, 5))
    rest = client.list_pipeline_versions(state['pipeline'], page_size=10, page_token=page.next_page_token, sort_by='created_at desc')
    equal((len(rest.pipeline_versions), rest.next_page_token), (3, None))
    found = client.list_pipeline_versions(state['pipeline'], filter=equals('display_name', 'v1')).pipeline_versions
    equal([version.pipeline_version_id for version in found], [ids[1]])
    # The version's id says all: the reference server does not compare the pipeline in the path.
    client.delete_pipeline_version(state['needy'], ids[0])
    refused(404, lambda: client.get_pipeline_version(state['pipeline'], ids[0]), 'not found')
    state['version'] = client.get_pipeline_version(state['pipeline'], ids[2]).pipeline_version_id


@case('pipelines are listed in pages, sorted and filtered')
def _():
    names, token = [], ''
    while True:
        page = client.list_pipelines(page_size=2, page_token=token, sort_by='display_name')
        names += [pipeline.display_name for pipeline in page.pipelines]
        token = page.next_page_token
        if not token:
            break
    equal(names, sorted(names))
    equal(len(names), page.total_size)
    part = json.dumps({'predicates': [{'operation': 'IS_SUBSTRING', 'key': 'name', 'stringValue': 'greet'}]})
    equal([pipeline.display_name for pipeline in client.list_pipelines(filter=part).pipelines], ['greeting'])
    equal(client.list_pipelines(filter=equals('display_name', 'none')).pipelines, None)


@case('what cannot be done is refused with the status and the words clients look for')
def _():
    refused(409, lambda: client.upload_pipeline(state['greeting.yaml'], pipeline_name='greeting'), 'already exist. Please specify a new name')
    refused(409, lambda: client.upload_pipeline_version(state['greeting.yaml'], 'v1', pipeline_id=state['pipeline']), 'already exist. Specify a new name')
    refused(404, lambda: client.get_pipeline('00000000-0000-0000-0000-000000000000'), 'not found')
    refused(400, lambda: client.delete_pipeline(state['pipeline']), 'cascade')
    refused(400, lambda: client.list_pipelines(sort_by='shoe_size'), 'sort')
    refused(400, lambda: client.list_pipelines(page_token='not a token'), 'Invalid page token')
    refused(400, lambda: client.list_pipelines(filter=equals('shoe_size', '9')), 'no support for filtering on unrecognized field')


@case('experiments are created once, listed, archived and deleted')
def _():
    experiment = client.create_experiment('first', description='for tests')
    equal(client.create_experiment('first').experiment_id, experiment.experiment_id)
    equal(client.get_experiment(experiment_name='first').experiment_id, experiment.experiment_id)
    equal(client.get_experiment(experiment_id=experiment.experiment_id).description, 'for tests')
    state['experiment'] = experiment.experiment_id
    other = client.create_experiment('second')
    client.archive_experiment(other.experiment_id)
    equal(client.get_experiment(experiment_id=other.experiment_id).storage_state, 'ARCHIVED')
    client.unarchive_experiment(other.experiment_id)
    equal(client.get_experiment(experiment_id=other.experiment_id).storage_state, 'AVAILABLE')
    page = client.list_experiments(page_size=2, sort_by='name desc')
    equal([experiment.display_name for experiment in page.experiments], ['second', 'first'])
    assert page.next_page_token
    client.delete_experiment(other.experiment_id)
    refused(404, lambda: client.get_experiment(experiment_id=other.experiment_id), 'not found')


@case('a run of an uploaded version runs to its end')
def _():
    run = client.run_pipeline(
        state['experiment'], 'by version', params={'text': 'moin', 'times': 3, 'words': ['x', None], 'more': {'y': None}},
        pipeline_id=state['pipeline'], version_id=state['version'])
    equal(run.pipeline_version_reference.pipeline_version_id, state['version'])
    done = ended(run.run_id)
    equal(done.runtime_config.parameters['words'], ['x', None])
    equal(done.state_history[-1].state, 'SUCCEEDED')
    equal((done.finished_at > done.created_at) or done.finished_at == done.created_at, True)
    equal({detail.display_name for detail in done.run_details.task_details} >= {'say', 'say-2'}, True)
    state['run'] = run.run_id


@case('a package and a function run without being uploaded')
def _():
    result = client.create_run_from_pipeline_package(
        state['greeting.yaml'], arguments={'text': 'package'}, run_name='package', experiment_name='first', enable_caching=False)
    ended(result.run_id)
    equal(client.get_run(result.run_id).pipeline_spec['pipelineInfo']['name'], 'greeting')
    result = client.create_run_from_pipeline_func(greeting, arguments={'text': 'function'}, experiment_name='made by a run')
    equal(result.wait_for_run_completion(timeout=60).state, 'SUCCEEDED')
    equal(client.get_experiment(experiment_name='made by a run').display_name, 'made by a run')


@case('a second run is taken from the cache, and one with caching off is not')
def _():
    for enable_caching in (True, False):
        result = client.create_run_from_pipeline_package(
            state['greeting.yaml'], arguments={'text': 'package'}, experiment_name='first', enable_caching=enable_caching)
        ended(result.run_id)


@case('a failing run ends as FAILED with an error')
def _():
    result = client.create_run_from_pipeline_func(failing, experiment_name='first')
    run = ended(result.run_id, 'FAILED')
    failed = [detail for detail in run.run_details.task_details if detail.state == 'FAILED' and detail.display_name == 'fail']
    equal(len(failed), 1)
    state['failed'] = result.run_id


@case('a run is terminated, and its end can be waited for')
def _():
    result = client.create_run_from_pipeline_func(waiting, arguments={'seconds': 60}, experiment_name='first')
    client.terminate_run(result.run_id)
    assert client.get_run(result.run_id).state in ('CANCELING', 'CANCELED', 'FAILED')
    ended(result.run_id, 'FAILED')
    client.terminate_run(state['run'])


@case('runs are listed in pages, by experiment, sorted and filtered')
def _():
    page = client.list_runs(page_size=2, sort_by='created_at desc', experiment_id=state['experiment'])
    equal(len(page.runs), 2)
    assert page.runs[0].created_at >= page.runs[1].created_at
    following = client.list_runs(page_token=page.next_page_token, page_size=2, sort_by='created_at desc', experiment_id=state['experiment'])
    assert {run.run_id for run in page.runs}.isdisjoint({run.run_id for run in following.runs})
    found = client.list_runs(filter=equals('display_name', 'by version')).runs
    equal([run.run_id for run in found], [state['run']])
    states = json.dumps({'predicates': [{'operation': 'EQUALS', 'key': 'state', 'stringValue': 'FAILED'}]})
    equal({run.state for run in client.list_runs(filter=states).runs}, {'FAILED'})
    times = json.dumps({'predicates': [{'operation': 'GREATER_THAN', 'key': 'created_at', 'timestampValue': '2001-01-01T00:00:00Z'}]})
    equal(client.list_runs(filter=times, page_size=1).total_size, client.list_runs(page_size=1).total_size)
    refused(400, lambda: client.list_runs(sort_by='created_at', page_token=page.next_page_token), 'page token does not match')


@case('runs are archived, taken back and deleted')
def _():
    client.archive_run(state['run'])
    equal(client.get_run(state['run']).storage_state, 'ARCHIVED')
    active = json.dumps({'predicates': [{'operation': 'NOT_EQUALS', 'key': 'storage_state', 'stringValue': 'ARCHIVED'}]})
    assert state['run'] not in [run.run_id for run in client.list_runs(page_size=100, filter=active).runs]
    client.unarchive_run(state['run'])
    equal(client.get_run(state['run']).storage_state, 'AVAILABLE')
    client.delete_run(state['run'])
    refused(404, lambda: client.get_run(state['run']), f'Run {state["run"]} not found')


@case('arguments that do not fit are refused before the run starts')
def _():
    needy_id = state['needy']
    version = client.list_pipeline_versions(needy_id).pipeline_versions[0].pipeline_version_id

    def start(**params):
        return client.run_pipeline(state['experiment'], 'refused', params=params, pipeline_id=needy_id, version_id=version)

    refused(400, start, 'parameter')
    refused(400, lambda: start(text='x', more=1), 'not required by pipeline')
    refused(400, lambda: start(text=1), 'requires type')


@case('a recurring run by cron is created, disabled, enabled, listed and deleted')
def _():
    made = client.create_recurring_run(
        state['experiment'], 'nightly', cron_expression='0 0 3 * * *', max_concurrency=2, no_catchup=True,
        params={'text': 'night'}, pipeline_id=state['pipeline'], version_id=state['version'])
    equal((made.status, made.mode, made.max_concurrency), ('ENABLED', 'ENABLE', '2'))
    equal(made.trigger.cron_schedule.cron, '0 0 3 * * *')
    client.disable_recurring_run(made.recurring_run_id)
    equal(client.get_recurring_run(made.recurring_run_id).status, 'DISABLED')
    client.enable_recurring_run(made.recurring_run_id)
    equal(client.get_recurring_run(made.recurring_run_id).status, 'ENABLED')
    listed = client.list_recurring_runs(experiment_id=state['experiment'], sort_by='created_at desc')
    equal([item.recurring_run_id for item in listed.recurring_runs], [made.recurring_run_id])
    client.delete_recurring_run(made.recurring_run_id)
    equal(client.list_recurring_runs().recurring_runs, None)


@case('a recurring run by interval starts runs of a package')
def _():
    import time
    made = client.create_recurring_run(
        state['experiment'], 'often', interval_second=1, pipeline_package_path=state['greeting.yaml'], params={'text': '[[RunUUID]]'})
    of_it = json.dumps({'predicates': [{'operation': 'EQUALS', 'key': 'recurring_run_id', 'stringValue': made.recurring_run_id}]})
    for _ in range(100):
        runs = client.list_runs(filter=of_it).runs
        if runs:
            break
        time.sleep(0.1)
    client.delete_recurring_run(made.recurring_run_id)
    equal(runs[0].recurring_run_id, made.recurring_run_id)
    assert runs[0].display_name.startswith('often'), runs[0].display_name
    ended(runs[0].run_id)


@case('a schedule that is none is refused')
def _():
    refused(400, lambda: client.create_recurring_run(
        state['experiment'], 'never', cron_expression='every day', pipeline_package_path=state['greeting.yaml']), 'Schedule cron is not a supported format')
    refused(400, lambda: client.create_recurring_run(
        state['experiment'], 'many', interval_second=60, max_concurrency=11, pipeline_package_path=state['greeting.yaml']),
        'Max concurrency of a recurring run must be at least 1 and at most 10')


assert kfp.__version__ == '2.17.3'
