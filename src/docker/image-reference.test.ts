import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseImageReference, repositoryOf } from './image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('the name of an image is taken apart as Docker does', () => {
  const rows: readonly (readonly [string, string, string, string | undefined, string | undefined])[] = [
    ['python', 'docker.io', 'library/python', 'latest', undefined],
    ['python:3.11-slim', 'docker.io', 'library/python', '3.11-slim', undefined],
    ['user/tool', 'docker.io', 'user/tool', 'latest', undefined],
    ['docker.io/python:3', 'docker.io', 'library/python', '3', undefined],
    ['index.docker.io/library/python', 'docker.io', 'library/python', 'latest', undefined],
    ['gcr.io/project/team/image:v1', 'gcr.io', 'project/team/image', 'v1', undefined],
    ['localhost:5000/image', 'localhost:5000', 'image', 'latest', undefined],
    ['localhost/image:1', 'localhost', 'image', '1', undefined],
    [`ghcr.io/a/b@${DIGEST}`, 'ghcr.io', 'a/b', undefined, DIGEST],
    [`ghcr.io/a/b:1@${DIGEST}`, 'ghcr.io', 'a/b', '1', DIGEST],
  ];
  for (const [name, registry, repository, tag, digest] of rows)
    assert.deepEqual(parseImageReference(name), { registry, repository, tag, digest }, name);
});

test('what cannot be the name of an image is no reference', () => {
  for (const name of ['', ' ', 'Upper/case', 'a//b', 'a:b:c', ':tag', '{{image}}', 'a b', 'a@sha256:12'])
    assert.equal(parseImageReference(name), undefined, name);
});

test('a repository is the name of an image without tag and digest; a port is neither', () => {
  for (const name of [
    'localhost:5000/a/b',
    'localhost:5000/a/b:1',
    `localhost:5000/a/b@${DIGEST}`,
    `localhost:5000/a/b:1@${DIGEST}`,
  ])
    assert.equal(repositoryOf(name), 'localhost:5000/a/b', name);
});
