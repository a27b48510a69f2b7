"""What pipeline.ts says, with the Python SDK; pipeline.yaml is what kfp 2.17.3 compiles it to."""
from kfp import dsl, kubernetes


@dsl.container_component
def step(message: str):
    return dsl.ContainerSpec(image='alpine', command=['echo'], args=[message])


@dsl.pipeline(
    name='kubernetes-settings',
    pipeline_config=dsl.PipelineConfig(
        workspace=dsl.WorkspaceConfig(size='5Gi'),
        ttl_seconds_after_finished=3600,
        ttl_seconds_after_failure=7200,
        active_deadline_seconds=600,
    ),
)
def settings(cores: str, image: str, labels: dict, tolerations: list):
    kept = kubernetes.CreatePVC(access_modes=['ReadWriteMany'], size='1Gi', pvc_name='kept')
    task = step(message='all')
    kubernetes.mount_pvc(task, pvc_name='kept', mount_path='/kept', sub_path='inner')
    kubernetes.use_secret_as_env(task, secret_name='token', secret_key_to_env={'key': 'TOKEN'})
    kubernetes.use_secret_as_volume(task, secret_name='token', mount_path='/token', optional=True)
    kubernetes.use_config_map_as_env(task, config_map_name='conf', config_map_key_to_env={'key': 'CONF'})
    kubernetes.use_config_map_as_volume(task, config_map_name='conf', mount_path='/conf')
    kubernetes.empty_dir_mount(task, volume_name='scratch', mount_path='/scratch', medium='Memory', size_limit='1Gi')
    kubernetes.add_ephemeral_volume(
        task,
        volume_name='big',
        mount_path='/big',
        access_modes=['ReadWriteOnce'],
        size='10Gi',
        storage_class_name='fast',
        labels={'a': 'b'},
        annotations={'c': 'd'},
    )
    kubernetes.use_field_path_as_env(task, env_name='POD', field_path='metadata.name')
    kubernetes.add_pod_label(task, label_key='team', label_value='ml')
    kubernetes.add_pod_label(task, label_key='cost', label_value='low')
    kubernetes.add_pod_annotation(task, annotation_key='note', annotation_value='yes')
    kubernetes.add_node_selector(task, label_key='disk', label_value='ssd')
    kubernetes.add_node_selector(task, label_key='zone', label_value='a')
    kubernetes.add_toleration(task, key='gpu', operator='Equal', value='yes', effect='NoExecute', toleration_seconds=30)
    kubernetes.add_node_affinity(
        task, match_expressions=[{'key': 'disk', 'operator': 'In', 'values': ['ssd']}], weight=10
    )
    kubernetes.set_image_pull_policy(task, 'IfNotPresent')
    kubernetes.set_image_pull_secrets(task, ['registry', 'mirror'])
    kubernetes.set_security_context(task, run_as_user=1000, run_as_group=2000, run_as_non_root=True)
    kubernetes.set_timeout(task, 90)
    task.set_retry(2, backoff_duration='30s', backoff_factor=3.0, backoff_max_duration='600s')
    task.set_caching_options(True, cache_key='by-hand')
    task.set_display_name('Everything')
    task.set_env_variable('MODE', 'test')
    task.after(kept)

    dynamic = step(message=dsl.PIPELINE_JOB_NAME_PLACEHOLDER)
    dynamic.set_cpu_request(cores).set_cpu_limit(cores).set_memory_request('512Mi').set_memory_limit('1G')
    dynamic.set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(cores)
    dynamic.set_container_image(image)
    kubernetes.add_node_selector_json(dynamic, labels)
    kubernetes.add_toleration_json(dynamic, tolerations)
    kubernetes.mount_pvc(dynamic, pvc_name=kept.outputs['name'], mount_path='/kept')
    kubernetes.use_secret_as_env(dynamic, secret_name=cores, secret_key_to_env={'key': 'TOKEN'})
    step(message=dsl.WORKSPACE_PATH_PLACEHOLDER)
