/** What data/advisories/statements.json says of Workers, seen in a built one. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../common/listen.ts';
import { useWorkshop } from './project.ts';
import { serve } from './workerd.ts';

const FLAG = 'python_3.13_packages_2025_10_20';
const { PINNED_WHEELS = '' } = process.env;
if (PINNED_WHEELS === '') console.log('Statements in a Worker: skipped, PINNED_WHEELS names no folder');

const ENTRY = `import asyncio
import os
import tempfile
from urllib.parse import urlsplit

import aiohttp
import requests
import urllib3
from aiohttp import web
from workers import Response, WorkerEntrypoint


async def error_of(awaitable):
    try:
        return f"no error: {await awaitable}"
    except BaseException as error:
        cause = error.__cause__ or error
        return type(cause).__name__


async def listen():
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 8099).start()


async def get(url):
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


def decompressed(url):
    def refuse(*_):
        raise AssertionError("urllib3 decompresses")

    urllib3.response._get_decoder = refuse
    response = urllib3.request("GET", url, preload_content=False)
    body = b"".join(response.stream(10))
    return type(response).__name__, body.decode()


def unverified(origin):
    # As the statement says: nothing of the session's verification reaches a connection.
    with requests.Session() as session:
        session.verify = False
        text = session.get(origin).text
        pool = session.get_adapter("https://a.example").get_connection_with_tls_context(
            requests.Request("GET", "https://a.example").prepare(), verify=False
        )
        return pool.ConnectionCls.__module__, text


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        origin = request.headers["x-origin"]
        host = urlsplit(origin)
        loop = asyncio.get_running_loop()
        return Response.json(
            {
                "listen": await error_of(listen()),
                "look up": await error_of(loop.getaddrinfo(host.hostname, host.port)),
                "connect": await error_of(loop.create_connection(asyncio.Protocol, "127.0.0.1", host.port)),
                "get": await error_of(get(origin)),
                "get with TLS": await error_of(get(origin.replace("http:", "https:"))),
                "urllib3": decompressed(f"{origin}/packed"),
                "requests": unverified(origin),
                "paths": os.name,
                "users": sorted(os.listdir(tempfile.gettempdir())),
            }
        )
`;

const workshop = useWorkshop();

test.skipIf(PINNED_WHEELS === '')(
  'Python in a Worker neither listens nor connects, and leaves TLS and compression to its host',
  async () => {
    const asked: string[] = [];
    const server = await listen(({ url }, response) => {
      asked.push(url!);
      if (url !== '/packed') return void response.end('plain');
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('packed'));
    });
    onTestFinished(server.stop);
    const folder = await workshop.project({
      'src/entry.py': ENTRY,
      'requirements.txt': 'aiohttp\nrequests\n',
    });
    const links = join(PINNED_WHEELS, FLAG);
    await workshop.built(folder, '--flag', FLAG, '--find-links', links);
    await using served = await serve(join(folder, 'dist/worker'));
    const answer = await fetch(served.origin, { headers: { 'x-origin': server.origin } });
    expect(await answer.json()).toEqual({
      listen: 'NotImplementedError',
      'look up': 'NotImplementedError',
      connect: 'NotImplementedError',
      get: 'NotImplementedError',
      // Without the package ssl, which it would need first.
      'get with TLS': 'RuntimeError',
      urllib3: ['EmscriptenHttpResponseWrapper', 'packed'],
      requests: ['urllib3.contrib.emscripten.connection', 'plain'],
      paths: 'posix',
      users: [],
    });
    expect(asked).toEqual(['/packed', '/']);
  },
  300_000,
);
