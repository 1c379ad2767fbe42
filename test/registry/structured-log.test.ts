import { afterEach, expect, test, vi } from 'vitest';
import { logError, logEvent } from '../../registry/structured-log.ts';
import { ask } from './client.ts';
import { tokenFor } from './token-for.ts';

afterEach(() => vi.restoreAllMocks());

test('a failure is one line of JSON, with its cause', () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  logError('D1 could not be read', new Error('outer', { cause: new Error('inner') }));
  const { level, message, cause } = JSON.parse(printed.mock.calls[0]![0]);
  expect({ level, message }).toEqual({ level: 'error', message: 'D1 could not be read' });
  expect(cause).toMatch(/outer[\s\S]*caused by Error: inner/);
});

test('it contains no secrets', () => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  const subject = 'https://ada:s3cret@index.example/simple/ Bearer abc.def pinwheel_7_topsecret';
  const others = 'https://ada:s3c@ret@index.example Basic YWRhOnMz eyJh.eyJi.c-_9 PRIVATE+KEY+a/log+0a+Aa+/=';
  logEvent('asked', { subject, others, publisher: 'ada@example.com' });
  expect(JSON.parse(printed.mock.calls[0]![0])).toEqual({
    event: 'asked',
    subject: 'https://***@index.example/simple/ Bearer *** pinwheel_***',
    others: 'https://***@index.example Basic *** *** PRIVATE+KEY+***',
    publisher: 'ada@example.com',
  });
});

test('a body that breaks off alarms nobody: it is refused as what it is', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  const authorization = `Bearer ${await tokenFor(['yank'])}`;
  for (const path of ['/v1/resolve', '/v1/publications']) {
    const body = new ReadableStream({
      type: 'bytes',
      pull: (stream) => stream.error(new Error('Network connection lost.')),
    });
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await ask(path, { method: 'POST', headers, body });
    expect([path, response.status]).toEqual([path, 400]);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('breaks off') });
  }
  expect(printed).not.toHaveBeenCalled();
});
