"""kfp 2.x against a server that asks for a login: with a token everything, without one nothing but healthz."""
from kfp import client as kfp_client
from kfp.cli.__main__ import main

from cases import ENDPOINT, TOKEN, case, equal, kfp_command, refused, run_cases
from kfp2_pipelines import compiled, greeting


@case('a client with a token uploads, runs and waits')
def _():
    client = kfp_client.Client(host=ENDPOINT, existing_token=TOKEN)
    pipeline = client.upload_pipeline(compiled(greeting, 'login-greeting.yaml'), pipeline_name='with a token')
    equal(client.get_pipeline_id('with a token'), pipeline.pipeline_id)
    result = client.create_run_from_pipeline_func(greeting, experiment_name='with a token')
    equal(client.wait_for_run_completion(result.run_id, timeout=60, sleep_duration=0.2).state, 'SUCCEEDED')


@case('a client without one is made, and refused at its first call')
def _():
    client = kfp_client.Client(host=ENDPOINT)
    refused(401, client.list_pipelines)
    refused(401, lambda: kfp_client.Client(host=ENDPOINT, existing_token='wrong').list_runs())


@case('the command line has an option for the token')
def _():
    assert 'with a token' in kfp_command(main, f'--existing-token {TOKEN} pipeline list').stdout
    kfp_command(main, 'pipeline list', expect=1)


run_cases()
