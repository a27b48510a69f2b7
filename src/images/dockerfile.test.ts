import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseImages, needsBuildKit } from './dockerfile.ts';

test('base images are those of stages and of copies; stages, numbers of stages and scratch are none', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['FROM node:24 AS build\nRUN x\nfrom alpine\nCOPY --from=build /a /a\nFROM build\nFROM scratch', ['node:24', 'alpine']],
    ['FROM --platform=linux/amd64 node:24 as b\nFROM B', ['node:24']],
    ['FROM alpine\nFROM scratch\nCOPY --from=0 /a /a\nCOPY --chown=1:1 --from=busybox:1 /b /b', ['alpine', 'busybox:1']],
    ['FROM alpine\nRUN --mount=type=bind,from=tools,target=/t /t/x', ['alpine', 'tools']],
    ['FROM \\\n  # a comment\n\n  alpine \\\n  AS x\nFROM x', ['alpine']],
    ['# escape=`\r\nFROM `\r\n alpine\r\n', ['alpine']],
    ['# FROM a\n  # FROM b\nFROM c\nRUN echo FROM d', ['c']],
    ['FROM a\nCOPY <<EOF /x\nFROM b\nEOF\nFROM c', ['a', 'c']],
    ['FROM a\nRUN <<-"END"\n\tFROM b\n\tEND\nFROM c', ['a', 'c']],
    ['FROM a\nRUN x=$((1<<N)); y\nFROM c', ['a', 'c']],
  ];
  for (const [text, expected] of rows) assert.deepEqual(baseImages(text), expected, text);
});

test('arguments before the first FROM are filled in', () => {
  const rows: readonly (readonly [string, Record<string, string>, readonly string[]])[] = [
    ['ARG V=3.12\nFROM python:$V', {}, ['python:3.12']],
    ['ARG V=3.12\nFROM python:${V}-slim', { V: '3.9' }, ['python:3.9-slim']],
    ['ARG R\nARG V="1"\nARG I=${R:-docker.io}/x:${V}\nFROM ${I}', {}, ['docker.io/x:1']],
    ['ARG R\nFROM ${R:+mirror/}python:${V:-3}', { R: 'yes' }, ['mirror/python:3']],
    ['FROM a\nARG V=1\nFROM b:$V', {}, ['a']],
    ['FROM $UNKNOWN', {}, []],
  ];
  for (const [text, given, expected] of rows) assert.deepEqual(baseImages(text, given), expected, text);
});

test('what only BuildKit understands is found', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ['FROM a\nRUN --mount=type=cache,target=/c pip install x', true],
    ['FROM a\nCOPY --link a b', true],
    ['FROM a\nCOPY --chown=1 a b', false],
    ['FROM a\nCOPY <<EOF /x\nhello\nEOF', true],
    ['FROM a\nRUN cat <<< hello', false],
    ['FROM a\nRUN echo --mount=x', false],
    ['FROM --platform=$BUILDPLATFORM a', true],
    ['# syntax=docker/dockerfile:1\nFROM a', false],
  ];
  for (const [text, expected] of rows) assert.equal(needsBuildKit(text), expected, text);
});
