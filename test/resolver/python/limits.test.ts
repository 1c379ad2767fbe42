/** Modules that do not work in the runtimes, and clients that should be replaced. */
import { loadPyodide } from 'pyodide';
import { describe, expect, test } from 'vitest';
import { findings, type Pyodide } from './worker.ts';

/** `1:8 warning`, and the message. */
const limited = (source: string, pyodide: Pyodide = '0.28.2', requirements: string[] = []) =>
  findings(source, { pyodide, requirements }).filter((line) => line.includes(' limited_module: '));

describe('threads', () => {
  test.each([
    'import threading\nthreading.Thread(target=f).start()',
    'import threading as t\nclass A(t.Thread): pass',
    'from threading import Thread as T',
    'from threading import Timer, Lock',
    'import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor()',
    'from concurrent import futures\nfutures.ThreadPoolExecutor()',
    'from threading import *',
    'import threading',
  ])('%j cannot start one', (source) => {
    for (const pyodide of ['0.26.0a2', '0.28.2', '314.0.6'] as const) {
      const [line, ...more] = limited(source, pyodide);
      expect(line).toMatch(
        / warning .* cannot start a thread in this runtime: RuntimeError: can't start new thread\./,
      );
      expect(more).toEqual([]);
    }
  });

  test('have working locks, with a remark', () => {
    expect(limited('import threading\nlock = threading.Lock()')).toEqual([
      expect.stringContaining('1:8 info '),
    ]);
    expect(limited('from threading import Lock')).toEqual([expect.stringContaining('1:1 info ')]);
    expect(limited('import asyncio\nasyncio.run(f())')).toEqual([]);
  });

  test("are not needed by asyncio.to_thread: Pyodide's event loop runs the function in place", async () => {
    for (const pyodide of ['0.26.0a2', '0.27.3', '0.28.2', '314.0.6'] as const)
      expect(limited('import asyncio\nasyncio.to_thread(f)', pyodide)).toEqual([]);
    const { runPythonAsync } = await loadPyodide();
    expect(await runPythonAsync('import asyncio\nawait asyncio.to_thread(lambda: 1)')).toBe(1);
  });
});

test.each<[source: string, pyodide: Pyodide]>([
  ['import multiprocessing', '0.28.2'],
  ['from multiprocessing import Pool', '314.0.6'],
  ['import subprocess', '314.0.6'],
  ['import os\nos.fork()', '0.28.2'],
  ['import signal\nsignal.alarm(1)', '0.28.2'],
  ['import socket', '0.28.2'],
  ['import socket', '314.0.6'],
  ['import smtplib, http.server', '0.28.2'],
  ['import pty\npty.spawn("x")', '314.0.6'],
  ['import webbrowser, decimal', '314.0.6'],
  ['from hashlib import scrypt', '314.0.6'],
  ['import zoneinfo\nzoneinfo.ZoneInfo("x")', '0.28.2'],
  ['import zoneinfo\nzoneinfo.ZoneInfo("x")', '314.0.6'],
])('%j in Pyodide %s', (source, pyodide) => expect(limited(source, pyodide)).toMatchSnapshot());

test('a package lifts a limit', () => {
  const source = 'from zoneinfo import ZoneInfo';
  expect(limited(source, '314.0.6', ['tzdata'])).toEqual([]);
  expect(limited(source, '314.0.6')).toEqual([expect.stringContaining('(Add tzdata to requirements.txt.)')]);
  // workerd loads hashlib with its own Pyodides.
  expect(limited('from hashlib import scrypt', '0.28.2')).toEqual([]);
  expect(limited('from hashlib import scrypt', '0.27.3')).toEqual([
    expect.stringContaining('(Add hashlib to '),
  ]);
});

describe('a client that waits', () => {
  const waiting = (source: string, requirements: string[] = [], pyodide: Pyodide = '314.0.6') =>
    findings(source, { pyodide, requirements }).filter((line) => line.includes(' synchronous_client: '));

  test.each<[source: string, name: string, fix: string]>([
    [
      'from urllib.request import urlopen',
      'urllib.request.urlopen',
      'Use httpx.AsyncClient, of httpx 0.28.1 in the package set.',
    ],
    [
      'from urllib import request\nrequest.urlopen(x)',
      'urllib.request.urlopen',
      'Use httpx.AsyncClient, of httpx 0.28.1 in the package set.',
    ],
    ['import http.client', 'http.client', 'Use httpx.AsyncClient, of httpx 0.28.1 in the package set.'],
    ['from http import client', 'http.client', 'Use httpx.AsyncClient, of httpx 0.28.1 in the package set.'],
    ['import httpx\nwith httpx.Client() as c: pass', 'httpx.Client', 'Use httpx.AsyncClient.'],
    ['from httpx import get', 'httpx.get', 'Use httpx.AsyncClient.'],
    ['from openai import OpenAI', 'openai.OpenAI', 'Use openai.AsyncOpenAI.'],
  ])('%j', (source, name, fix) => {
    const [line, ...more] = waiting(source);
    expect(line).toMatch(/^\d+:\d+ warning /);
    expect(line).toContain(
      `: ${name} waits for each response, and blocks the whole Worker while it waits. (${fix})`,
    );
    expect(more).toEqual([]);
  });

  test.each([
    'import http.client\nhttp.client.HTTPSConnection(x)',
    'from http.client import HTTPConnection',
    'import http.client',
    'from urllib.request import urlopen',
    'from urllib import request\nrequest.build_opener()',
    'import xmlrpc.client as x\nx.ServerProxy(y)',
  ])('%j waits for nothing where it cannot connect', (source) => {
    for (const pyodide of ['0.26.0a2', '0.28.2'] as const) {
      const [line, ...more] = limited(source, pyodide);
      expect(line).toMatch(
        / warning .* cannot open a connection in this runtime\. \(Use fetch, or connect of /,
      );
      expect([...more, ...waiting(source, [], pyodide)]).toEqual([]);
    }
    expect(limited(source, '314.0.6')).toEqual([]);
  });

  test('what of http.client and urllib.request needs no connection has no warning', () => {
    expect(limited('from urllib.request import Request, urljoin\nimport urllib.parse')).toEqual([]);
    expect(limited('import http.client\nhttp.client.responses[404]')).toEqual([
      expect.stringContaining('1:8 info '),
    ]);
  });

  test('is none where other requests were seen to go on', () => {
    for (const source of ['import requests', 'import urllib3']) {
      for (const pyodide of ['0.27.3', '0.28.2', '314.0.6'] as const)
        expect(waiting(source, [], pyodide)).toEqual([]);
      expect(waiting(source, [], '0.26.4')).toEqual([
        expect.stringContaining('AttributeError: XMLHttpRequest'),
      ]);
    }
    expect(waiting('from httpx import get', [], '0.28.2')).toHaveLength(1);
  });

  test.each([
    'import httpx\nasync with httpx.AsyncClient() as c: pass',
    'from httpx import AsyncClient, Response',
    'import aiohttp, urllib.parse, http.cookies',
    'from urllib.request import Request',
    'if TYPE_CHECKING:\n  import requests',
  ])('is not %j', (source) => expect(waiting(source)).toEqual([]));

  test('is not proposed if another one is required already', () => {
    expect(waiting('from urllib.request import urlopen', ['aiohttp'])).toEqual([
      expect.stringContaining('(Use aiohttp.ClientSession, of aiohttp '),
    ]);
  });
});

describe('an environment variable', () => {
  const SETTINGS =
    'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    token: str\n';
  const uses = (source: string) =>
    findings(source, { pyodide: '0.28.2' })
      .filter((line) => line.includes(' environment_variable: '))
      .map((line) => /^\S+ \S+|has no \S+|\S+ reads/g[Symbol.match](line)!.join(' '));

  test.each([
    ['import os\nTOKEN = os.environ["TOKEN"]', '2:9 error has no TOKEN'],
    ['from os import environ\nuse(environ["TOKEN"])', '2:5 error has no TOKEN'],
    ['import os as o\ndef f():\n    return o.environ[\'TO\' "KEN"]', '3:12 warning has no TOKEN'],
    ['import os\nf = lambda: os.environ["TOKEN"]', '2:13 warning has no TOKEN'],
    ['import os\nTOKEN = os.environ.get("TOKEN")', '2:9 info has no TOKEN'],
    ['from os import getenv\nclient = Client(getenv("TOKEN"), 1)', '2:17 info has no TOKEN'],
    ['import os\nos.environ["OTHER"] = "1"\nos.environ["TOKEN"]', '3:1 error has no TOKEN'],
    ['import os\nfor name in os.environ: pass\nos.environ["TOKEN"]', '3:1 error has no TOKEN'],
    [`${SETTINGS}settings = Settings()`, '4:1 warning pydantic_settings.BaseSettings reads'],
    [`${SETTINGS}def f():\n    return Settings()`, '1:31 info pydantic_settings.BaseSettings reads'],
    ['from decouple import config\nTOKEN = config("TOKEN")', '2:1 warning decouple.config reads'],
    ['import environs\nenv = environs.Env()', '2:1 warning environs.Env reads'],
  ])('%j is read, and a Worker has it elsewhere', (source, expected) => {
    expect(uses(source)).toEqual([expected]);
  });

  test.each([
    'import os\nos.environ["HOME"], os.getenv("PYTHONPATH")',
    'import os\nDEBUG = os.getenv("DEBUG", "0")\nDEBUG = os.environ.get("DEBUG", None)',
    'import os\nTOKEN = os.getenv("TOKEN") or other()',
    'import os\nTOKEN = os.environ["TOKEN"] if "TOKEN" in os.environ else ""',
    'import os\ntry:\n    TOKEN = os.environ["TOKEN"]\nexcept KeyError:\n    TOKEN = ""',
    'import os\nif "TOKEN" in os.environ:\n    use(os.environ["TOKEN"])',
    'import os\nos.environ.setdefault("TOKEN", "1")\nos.environ["TOKEN"]',
    'import os\nos.environ["TOKEN"] = "1"\nos.environ["TOKEN"]',
    'import os\nos.environ.update(settings)\nos.environ["TOKEN"]',
    'import os\nos.environ[name] = "1"\nos.environ["TOKEN"]',
    'import os\nos.environ[name], os.environ[f"{name}"], os.getenv(name), os.environ["a b"]',
    'import os\ndel os.environ',
    'import os\nos.environ |= settings\nos.environ["TOKEN"]',
    'import os\nenv = os.environ\nos.environ["TOKEN"]',
    'import os\nfill(os.environ)\nos.environ["TOKEN"]',
    'environ = {}\nenviron["TOKEN"], os.environ["TOKEN"]',
    `import os\n${SETTINGS}os.environ["TOKEN"] = "1"\nsettings = Settings()`,
    'from pydantic_settings import SettingsConfigDict',
    'import mine\nmine.environ["TOKEN"]',
  ])('%j may have a value, or need none', (source) => expect(uses(source)).toEqual([]));
});
