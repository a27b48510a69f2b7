"""The Python client of kfp 1.8, which speaks v1beta1."""
import json
import time

import kfp

from cases import ENDPOINT, TOKEN, case, equal, refused
from kfp1_pipelines import IR, compiled, old_greeting

client = kfp.Client(host=ENDPOINT, existing_token=TOKEN)
state = {}


def equals(key, value):
    return json.dumps({'predicates': [{'op': 1, 'key': key, 'stringValue': value}]})


def ended(run_id, expected='Succeeded'):
    """kfp's own waiting sleeps for five seconds each time: it is asked for once, below."""
    for _ in range(300):
        detail = client.get_run(run_id)
        if detail.run.status == expected:
            return detail
        time.sleep(0.1)
    raise AssertionError(f'the run is {detail.run.status}, not {expected}')


def experiment_of(run):
    return next(reference.key.id for reference in run.resource_references if reference.key.type == 'EXPERIMENT')


@case('the client is made, and the server has one user')
def _():
    equal(client.get_kfp_healthz().multi_user in (None, False), True)


@case('Argo Workflows are uploaded as YAML, zip and tar.gz, and listed with their parameters')
def _():
    for ending in ('yaml', 'zip', 'tar.gz'):
        name = f'old-{ending}'
        pipeline = client.upload_pipeline(compiled(f'old.{ending}'), pipeline_name=name, description='old')
        equal(pipeline.name, name)
        equal({parameter.name: parameter.value for parameter in pipeline.parameters}, {'text': 'hello', 'times': '2'})
        equal(client.get_pipeline_id(name), pipeline.id)
    assert {'old-yaml', 'old-zip', 'old-tar.gz'} <= {item.name for item in client.list_pipelines(page_size=50).pipelines}
    state['argo'] = client.get_pipeline_id('old-yaml')
    template = client.pipelines.get_template(state['argo']).template
    assert 'kind: Workflow' in template or '"kind": "Workflow"' in template, template[:200]


@case('a run of an Argo Workflow is refused, and the error says why')
def _():
    experiment = client.create_experiment('old')
    state['experiment'] = experiment.id
    refused(400, lambda: client.run_pipeline(experiment.id, 'old', pipeline_id=state['argo']), 'Argo Workflow')
    refused(400, lambda: client.create_run_from_pipeline_func(old_greeting, arguments={}, experiment_name='old'), 'Argo Workflow')


@case('a pipeline of kfp 2.x is uploaded, got, and has a default version')
def _():
    pipeline = client.upload_pipeline(IR, pipeline_name='new')
    state['pipeline'] = pipeline.id
    got = client.get_pipeline(pipeline.id)
    equal((got.name, got.default_version.name), ('new', 'new'))
    equal(client.get_pipeline_id('nothing of this name'), None)


@case('versions are uploaded, listed in pages and deleted')
def _():
    first = client.upload_pipeline_version(IR, 'one', pipeline_id=state['pipeline'])
    second = client.upload_pipeline_version(IR, 'two', pipeline_name='new')
    owner = next(reference.key.id for reference in second.resource_references if reference.key.type == 'PIPELINE')
    equal(owner, state['pipeline'])
    page = client.list_pipeline_versions(state['pipeline'], page_size=2, sort_by='created_at desc')
    equal((len(page.versions), page.total_size), (2, 3))
    rest = client.list_pipeline_versions(state['pipeline'], page_size=2, page_token=page.next_page_token, sort_by='created_at desc')
    equal(len(rest.versions), 1)
    client.delete_pipeline_version(first.id)
    refused(404, lambda: client.pipelines.get_pipeline_version(first.id), 'not found')
    state['version'] = second.id


@case('experiments are created once, got by name, listed and archived')
def _():
    made = client.create_experiment('v1-experiment', description='words')
    equal(client.create_experiment('v1-experiment').id, made.id)
    equal(client.get_experiment(experiment_name='v1-experiment').id, made.id)
    assert made.id in [item.id for item in client.list_experiments(page_size=100).experiments]
    found = client.list_experiments(filter=equals('name', 'v1-experiment')).experiments
    equal([item.id for item in found], [made.id])
    client.archive_experiment(made.id)
    equal(client.get_experiment(experiment_id=made.id).storage_state, 'STORAGESTATE_ARCHIVED')
    client.delete_experiment(made.id)


@case('runs of a pipeline, of a version and of a package run to their end')
def _():
    by_pipeline = client.run_pipeline(state['experiment'], 'by pipeline', params={'who': 'you'}, pipeline_id=state['pipeline'])
    equal(experiment_of(by_pipeline), state['experiment'])
    detail = ended(by_pipeline.id)
    equal({item.name: item.value for item in detail.run.pipeline_spec.parameters or []} or
          detail.run.pipeline_spec.runtime_config.parameters, {'who': 'you'})
    by_version = client.run_pipeline(state['experiment'], 'by version', version_id=state['version'])
    ended(by_version.id)
    result = client.create_run_from_pipeline_package(IR, arguments={'who': 'all'}, experiment_name='old', run_name='package')
    equal(result.wait_for_run_completion(60).run.status, 'Succeeded')
    state['run'] = by_pipeline.id


@case('runs are listed in pages, by experiment, and filtered')
def _():
    page = client.list_runs(page_size=2, sort_by='created_at desc', experiment_id=state['experiment'])
    equal((len(page.runs), page.total_size), (2, 3))
    following = client.list_runs(page_token=page.next_page_token, page_size=2, sort_by='created_at desc', experiment_id=state['experiment'])
    equal(len(following.runs), 1)
    found = client.list_runs(filter=equals('name', 'by version')).runs
    equal([run.name for run in found], ['by version'])


@case('runs are archived, taken back, retried in vain and deleted, by the generated client')
def _():
    runs = client.runs
    runs.archive_run(state['run'])
    equal(client.get_run(state['run']).run.storage_state, 'STORAGESTATE_ARCHIVED')
    runs.unarchive_run(state['run'])
    equal(client.get_run(state['run']).run.storage_state, None)
    runs.terminate_run(state['run'])
    runs.delete_run(state['run'])
    refused(404, lambda: client.get_run(state['run']), 'not found')


@case('recurring runs are created, disabled, listed and deleted')
def _():
    made = client.create_recurring_run(
        state['experiment'], 'nightly', cron_expression='0 0 3 * * *', max_concurrency=1, no_catchup=True,
        params={'who': 'night'}, pipeline_id=state['pipeline'])
    equal((made.enabled, made.trigger.cron_schedule.cron), (True, '0 0 3 * * *'))
    equal(client.get_recurring_run(made.id).name, 'nightly')
    client.disable_job(made.id)
    equal(client.get_recurring_run(made.id).enabled in (None, False), True)
    client.jobs.enable_job(made.id)
    equal(client.get_recurring_run(made.id).enabled, True)
    equal([job.id for job in client.list_recurring_runs(experiment_id=state['experiment']).jobs], [made.id])
    client.delete_job(made.id)
    equal(client.list_recurring_runs().jobs, None)


@case('a pipeline is deleted with its versions')
def _():
    client.delete_pipeline(state['argo'])
    refused(404, lambda: client.get_pipeline(state['argo']), 'not found')


assert kfp.__version__ == '1.8.24'
