"""kfp 1.8 against a server that asks for a login."""
import kfp

from cases import ENDPOINT, TOKEN, case, equal, refused, run_cases
from kfp1_pipelines import IR


@case('a client with a token uploads and starts a run')
def _():
    client = kfp.Client(host=ENDPOINT, existing_token=TOKEN)
    pipeline = client.upload_pipeline(IR, pipeline_name='with a token')
    run = client.run_pipeline(client.create_experiment('with a token').id, 'run', pipeline_id=pipeline.id)
    equal(client.get_run(run.id).run.name, 'run')


@case('a client without one is made, and refused at its first call')
def _():
    refused(401, kfp.Client(host=ENDPOINT).list_pipelines)


run_cases()
