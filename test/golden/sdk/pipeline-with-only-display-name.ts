import { component, pipeline } from '../../../src/sdk/pipewright.ts';

const echo = component({
  name: 'echo',
  image: 'public.ecr.aws/docker/library/python:3.12',
  command: ['echo'],
  args: ['hello world'],
});

export default pipeline({ name: 'echo-name', displayName: 'echo-displayname' }, () => {
  echo();
});
