import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signRequest, type UnsignedRequest } from './sign-request.ts';

/** The examples of Amazon's page on header-based signatures, whose key and time are public. */
const HOW = {
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  nowMs: Date.UTC(2013, 4, 24),
};

function check(title: string, request: Partial<UnsignedRequest>, signature: string): void {
  test(title, () => {
    const { authorization } = signRequest(
      { method: 'GET', host: 'examplebucket.s3.amazonaws.com', path: '/', query: {}, headers: {}, ...request },
      HOW,
    );
    assert.match(authorization!, new RegExp(`,Signature=${signature}$`));
  });
}

check(
  'a read of a range is signed as in the documentation.',
  { path: '/test.txt', headers: { range: 'bytes=0-9' } },
  'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
);
check(
  'a write with a $ in its name is signed as in the documentation.',
  {
    method: 'PUT',
    path: '/test$file.text',
    headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    body: Buffer.from('Welcome to Amazon S3.'),
  },
  '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
);
check(
  'a list is signed as in the documentation.',
  { query: { 'max-keys': '2', prefix: 'J' } },
  '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
);
