/** What a snapshot may not hold, and that instances which start from one differ. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SnapshotRemark } from '../../cli/worker/snapshot/job.ts';
import { onlyInAll } from '../common/only-in-all.ts';
import { answering, FLAG_0_29_5, NO_WHEELHOUSE, useWorkshop, wheelhouse } from './project.ts';
import { serve } from './workerd.ts';

const workshop = useWorkshop();

interface Built {
  document: { snapshot: object | null };
  remarks: SnapshotRemark[];
}

/** Builds a project, which has a snapshot unless it is to have none, and asks two instances of it. */
async function askTwo(files: Record<string, string>, ...words: string[]) {
  const folder = await workshop.project(files);
  const { stdout } = await workshop.built(folder, '--flag', FLAG_0_29_5, ...words, '--json');
  const answers: string[] = [];
  for (let instance = 0; instance < 2; instance++) {
    await using served = await serve(join(folder, 'dist/worker'));
    answers.push(await (await fetch(served.origin)).text());
    expect(served.said()).toBe('');
  }
  const { document, remarks } = JSON.parse(stdout) as Built;
  expect(document.snapshot === null).toBe(words.includes('--no-snapshot'));
  return {
    answers,
    remarks: remarks.map(({ code, module }) => ({ code, module })),
    lines: Object.fromEntries(remarks.map(({ module, line }) => [module, line])),
  };
}

const entry = (imports: string, expression: string) => ({ 'src/entry.py': answering(imports, expression) });

const generators = 'import random, secrets, uuid';
const drawn =
  '[random.random(), random.getrandbits(64), secrets.token_hex(), str(uuid.uuid4()), str(uuid.uuid1())]';
const different = (answers: string[]) => {
  const [first, other] = answers.map((answer) => answer.replace(/^\[|\]$/g, '').split(', '));
  expect(first!.length).toBeGreaterThan(1);
  for (const [at, value] of first!.entries()) expect(value, `draw ${at}`).not.toBe(other![at]);
};

test('two instances draw different random numbers from modules in the snapshot', async () => {
  const { answers, remarks } = await askTwo(entry(generators, drawn));
  different(answers);
  expect(remarks).toEqual([]);
});

test('a module that draws at import is left out, by name', async () => {
  const { answers, remarks } = await askTwo({
    ...entry('import helper', 'helper.drawer.TOKEN'),
    'src/helper.py': 'import drawer\n',
    'src/drawer.py': 'import secrets\nTOKEN = secrets.token_hex()\n',
  });
  expect(answers[0]).not.toBe(answers[1]);
  expect(remarks).toEqual([{ code: 'entropy', module: 'drawer' }]);
});

test('so are the modules of a package that draws, and those that import what another has imported', async () => {
  const { answers, remarks, lines } = await askTwo({
    ...entry('import package.part\nimport drawer\nimport later', '[package.TOKEN, later.drawer.TOKEN]'),
    'src/package/__init__.py': 'from . import part\nimport secrets\nTOKEN = secrets.token_hex()\n',
    'src/package/part.py': '',
    'src/drawer.py': 'import secrets\nTOKEN = secrets.token_hex()\n',
    'src/later.py': 'import drawer\n',
  });
  different(answers);
  expect(remarks).toEqual(['package', 'drawer'].map((module) => ({ code: 'entropy', module })));
  expect(lines).toEqual({ package: 3, drawer: 2 });
});

test('a module that draws from a generator at import, unseen by the host, is left out', async () => {
  const { answers, remarks } = await askTwo({
    ...entry('import random\nimport drawer', '[drawer.TOKEN, random.random()]'),
    'src/drawer.py': 'import random\nTOKEN = random.random()\n',
  });
  different(answers);
  expect(remarks).toEqual([{ code: 'entropy', module: 'drawer' }]);
});

test('generators that modules make are seeded anew, but not those that they seed, and none that was drawn from', async () => {
  const { answers, remarks } = await askTwo({
    ...entry(
      'import maker\nimport drawer',
      '[maker.made.random(), maker.Made.generator.random(), drawer.made.random(), maker.seeded.random()]',
    ),
    'src/maker.py':
      'import random\nmade = random.Random()\nseeded = random.Random(7)\n\n\nclass Made(random.Random):\n    pass\n\n\nMade.generator = Made()\nsystem = random.SystemRandom()\n',
    'src/drawer.py': 'import random\nmade = random.Random()\nFIRST = made.random()\n',
  });
  const seeded = answers.map((answer: string) => answer.replace(/^.*, /, ''));
  expect(seeded[0]).toBe(seeded[1]);
  different(answers.map((answer: string) => answer.replace(/, [^,]*$/, '')));
  expect(remarks).toEqual([{ code: 'entropy', module: 'drawer' }]);
});

test('what rich draws for its links is drawn anew', async () => {
  const { answers, remarks } = await askTwo({
    ...entry('import rich.style', '[next(rich.style._id_generator)]'),
    'src/rich/__init__.py': '',
    'src/rich/style.py':
      'from itertools import count\nfrom random import getrandbits\n_id_generator = count(getrandbits(24))\n',
  });
  expect(answers[0]).not.toBe(answers[1]);
  expect(remarks).toEqual([]);
});

test.runIf(wheelhouse !== null)(
  'native modules that draw no more than the keys of hash tables stay in the snapshot',
  async () => {
    const { answers, remarks } = await askTwo(
      {
        ...entry(
          'import rpds, tiktoken\nfrom cryptography.fernet import Fernet\nfrom cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey',
          '[Fernet.generate_key(), X25519PrivateKey.generate().private_bytes_raw()]',
        ),
        'requirements.txt': 'cryptography\nrpds-py\ntiktoken\n',
      },
      '--set',
      wheelhouse!,
    );
    different(answers);
    expect(remarks).toEqual([]);
  },
);

test('in packages with known harmless draws, other draws are not allowed', async () => {
  const draws = 'import secrets\nTOKEN = secrets.token_hex()\n';
  const { remarks } = await askTwo({
    ...entry(
      'import opentelemetry.baggage, opentelemetry.context.token, opentelemetry.sdk, pydantic.main',
      'opentelemetry.baggage.KEY',
    ),
    'src/opentelemetry/__init__.py': '',
    'src/opentelemetry/context/__init__.py':
      'from uuid import uuid4\n\n\ndef create_key(name):\n    return f"{name}-{uuid4()}"\n',
    'src/opentelemetry/baggage.py': 'from .context import create_key\n\nKEY = create_key("baggage")\n',
    'src/opentelemetry/context/token.py': draws,
    'src/opentelemetry/sdk.py': 'from uuid import uuid4\n\nID = uuid4()\n',
    'src/pydantic/__init__.py': '',
    'src/pydantic/main.py': draws,
  });
  expect(remarks).toEqual(
    ['opentelemetry.context.token', 'opentelemetry.sdk', 'pydantic.main'].map((module) => {
      return { code: 'entropy', module };
    }),
  );
});

test('the seed of hashes is derived from the packages, or drawn by each instance without a snapshot', async () => {
  const seeded = entry('import sys', '[hash("key"), hash("other"), sys.flags.hash_randomization]');
  const draws = await askTwo(seeded);
  expect(draws.answers[0]).toBe(draws.answers[1]);
  expect(draws.answers[0]).toMatch(/, 1\]$/);
  const edited = await askTwo({ 'src/entry.py': `${seeded['src/entry.py']}# Edited.\n` });
  expect(edited.answers[0]).toBe(draws.answers[0]);
  const others = await askTwo(entry('import sys, asgi', '[hash("key"), hash("other")]'));
  expect(others.answers[0]).not.toBe(draws.answers[0]!.replace(/, 1\]$/, ']'));
  const without = await askTwo(seeded, '--no-snapshot');
  expect(without.answers[0]).not.toBe(without.answers[1]);
});

onlyInAll('hostile keys: 1,024 strings have one hash under every seed, as the README says', async () => {
  // Two flips of the highest bit, in words that follow each other, cancel out.
  const keys = '["".join(f"aaa{c}aaa{c}" for c in one) + "." for one in itertools.product("aá", repeat=10)]';
  const { answers } = await askTwo(
    entry('import itertools', `[len(set(map(hash, ${keys}))), len(set(${keys})), hash("key")]`),
    '--no-snapshot',
  );
  expect(answers.map((answer: string) => answer.startsWith('[1, 1024, '))).toEqual([true, true]);
  expect(answers[0]).not.toBe(answers[1]);
});

test('an import that waits for a time ends, and is in the snapshot', async () => {
  const code =
    'import time\n\ntime.sleep(2)\nend = time.time() + 2\nwhile time.time() < end:\n    pass\ndel end';
  const { answers, remarks } = await askTwo(entry(code, '"here"'));
  expect(answers).toEqual(['here', 'here']);
  expect(remarks).toEqual([]);
});

test('a module that keeps the time of its import is left out, by name, however it reads the clock', async () => {
  const readers = {
    first: 'import time\nREAD = time.time()\n',
    second: 'import datetime\nREAD = datetime.datetime.now()\n',
    third: 'import time\nREAD = time.strftime("%Y")\n',
    fourth: 'import time\nREAD = time.localtime()\n',
    fifth: 'import time\nREAD = time.clock_gettime(time.CLOCK_REALTIME)\n',
    sixth: 'import js\nREAD = js.Date.now()\n',
    seventh: 'import time\nREAD = time.perf_counter()\n',
    eighth: 'import js\nREAD = js.Date.new().toString()\n',
    ninth: 'import js\nREAD = str(js.Date())\n',
    tenth: 'import js\nREAD = js.performance.timeOrigin\n',
  };
  const modules = Object.keys(readers);
  const { answers, remarks, lines } = await askTwo({
    ...entry(
      `import ${modules.join(', ')}, random_one, random_two`,
      '[random_two.DRAWN, random_one.DRAWN, first.READ, str(second.READ)[:2], third.READ > "2022"]',
    ),
    ...Object.fromEntries(Object.entries(readers).map(([name, source]) => [`src/${name}.py`, source])),
    'src/random_one.py': 'import js\nDRAWN = js.Math.random()\n',
    'src/random_two.py': 'import js\nDRAWN = js.crypto.randomUUID()\n',
  });
  different(answers.map((answer) => answer.replace(/, '20', True\]$/, '')));
  expect(answers[0]).toContain("'20', True");
  expect(remarks).toEqual([
    ...modules.map((module) => ({ code: 'clock', module })),
    { code: 'entropy', module: 'random_one' },
    { code: 'entropy', module: 'random_two' },
  ]);
  expect(new Set(Object.values(lines))).toEqual(new Set([2]));
});

test('a module whose readings leave nothing in memory is in the snapshot', async () => {
  const { answers, remarks } = await askTwo({
    ...entry('import measures, forgets, keeps, os', '[os.path.exists("/tmp/imported"), len(keeps.TOKEN)]'),
    'src/measures.py':
      'import time\nBEGUN = time.perf_counter()\nTOOK = time.perf_counter() - BEGUN\ndel BEGUN\n',
    'src/forgets.py': 'import uuid\nLENGTH = len(str(uuid.uuid4()))\n',
    'src/keeps.py': 'import forgets, measures, secrets\nTOKEN = secrets.token_hex()\n',
  });
  expect(answers).toEqual(Array(2).fill('[False, 64]'));
  expect(remarks).toEqual([{ code: 'entropy', module: 'keeps' }]);
});

test('what differs although no module is known to have read anything is not in the snapshot', async () => {
  const { answers, remarks } = await askTwo({
    ...entry('import reader', 'reader.READ > 0'),
    // No Worker has this, nor does the build know of it.
    'src/reader.py':
      'import js\nREAD = 1\nif hasattr(js.process, "hrtime"):\n    READ = float(js.process.hrtime()[1])\n',
  });
  expect(answers).toEqual(['True', 'True']);
  expect(remarks).toEqual([{ code: 'entropy', module: 'entry' }]);
});

test('a module that changes files or leaves one open is left out, by name, and one that reads is not', async () => {
  const { answers, remarks, lines } = await askTwo({
    ...entry(
      'import os, logging, reader, writer, mover, opener, logs, connection',
      '[open("/data/deep/note.txt").read(), os.getcwd(), opener.FILE.read(), logs.written(), connection.SOCKET.fileno() > 2]',
    ),
    'src/reader.py': 'TEXT = open(__file__).read()\n',
    'src/writer.py':
      'import os\nos.makedirs("/data/deep")\nwith open("/data/deep/note.txt", "w") as file:\n    file.write("kept")\n',
    'src/mover.py': 'import os\nos.chdir("/tmp")\n',
    'src/opener.py': 'FILE = open(__file__)\n',
    'src/logs.py': `import logging

LOG = logging.getLogger("project")
LOG.addHandler(logging.FileHandler("/home/project.log"))


def written():
    LOG.warning("said")
    return open("/home/project.log").read()
`,
    'src/connection.py': 'import socket\nSOCKET = socket.socket()\n',
  });
  for (const answer of answers)
    expect(answer).toBe(`['kept', '/tmp', 'FILE = open(__file__)\\n', 'said\\n', True]`);
  expect(remarks).toEqual(
    ['writer', 'mover', 'opener', 'logs', 'connection'].map((module) => ({ code: 'files', module })),
  );
  expect(lines).toEqual({ writer: 2, mover: 2, opener: 1, logs: 4, connection: 2 });
});

test.each(process.env.TEST_ALL ? ['from a snapshot', '--no-snapshot'] : ['from a snapshot'])(
  'tasks and callbacks of the import run with the first event: %s',
  async (word) => {
    const { answers } = await askTwo(
      entry(
        `import asyncio

DONE = []
LOOP = asyncio.get_event_loop()
LATER = LOOP.create_future()


async def work():
    await asyncio.sleep(0.01)
    return "task"


LOOP.call_later(0.01, LATER.set_result, "later")
LOOP.call_soon(DONE.append, "soon")
TASK = LOOP.create_task(work())`,
        '[await TASK, await LATER, DONE]',
      ),
      ...(word.startsWith('--') ? [word] : []),
    );
    expect(answers).toEqual(Array(2).fill("['task', 'later', ['soon']]"));
  },
);

test('logging measures time from the start of the instance', async () => {
  const { answers } = await askTwo(
    entry('import logging', 'logging.LogRecord("x", 1, "", 1, "", (), None).relativeCreated < 60_000'),
  );
  expect(answers).toEqual(['True', 'True']);
});

test('a module that holds a JavaScript object is left out, by name, with its importers alone', async () => {
  const { answers, remarks } = await askTwo({
    ...entry(
      'import kept, holder, proxy, symbol',
      '[holder.made.constructor.name, proxy.double(1), str(symbol.kept), kept.TEXT, kept.later()]',
    ),
    'src/holder.py': 'from js import Object\n\nmade = Object.new()\n',
    'src/proxy.py':
      'from pyodide.ffi import create_proxy\n\ndouble = create_proxy(lambda value: value * 2)\n',
    'src/symbol.py': 'from js import Symbol\n\nkept = Symbol.iterator\n',
    // An object of JavaScript that is held for a moment is not in the snapshot.
    'src/kept.py': `from js import Object
from pyodide.ffi import to_js

TEXT = len(to_js([1]))


def later():
    import later
    return later.TEXT
`,
    'src/later.py': 'TEXT = 2\n',
  });
  for (const answer of answers) expect(answer).toBe("['Object', 2, 'Symbol(Symbol.iterator)', 1, 2]");
  expect(remarks).toEqual(['holder', 'proxy', 'symbol'].map((module) => ({ code: 'callbacks', module })));
});

test('an error of what watches an import is not one of the import', async () => {
  const breaking = 'import pyodide_js\n\npyodide_js._module.API.serializeHiwireState = None';
  const folder = await workshop.project(entry(breaking, '1'));
  const { code, stderr } = await workshop.build(folder, '--flag', FLAG_0_29_5);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/error: The process that runs Python at build time failed:\n {2}TypeError/),
  });
});

test('globals of JavaScript, and secrets of the standard library, are those of the instance', async () => {
  const { answers, remarks } = await askTwo(
    entry(
      'import multiprocessing.process\nfrom js import crypto, navigator, performance',
      '[crypto.randomUUID(), multiprocessing.process.current_process().authkey.hex()]',
    ),
  );
  different(answers);
  expect(remarks).toEqual([]);
});

test('an import inside a function works outside the snapshot', async () => {
  const { answers } = await askTwo({
    ...entry('', '(__import__("decimal").Decimal("0.1") + __import__("later").VALUE)'),
    'src/later.py': 'from decimal import Decimal\nVALUE = Decimal("0.2")\n',
  });
  expect(answers).toEqual(['0.3', '0.3']);
});

if (wheelhouse === null) console.log(`numpy, Pillow and cryptography in a snapshot: ${NO_WHEELHOUSE}`);

test.runIf(wheelhouse !== null)('a TLS context at import: instances draw different numbers', async () => {
  const { answers, remarks } = await askTwo(
    {
      ...entry(
        'import ssl\nCONTEXT = ssl.create_default_context()',
        '[ssl.RAND_bytes(16).hex(), ssl.RAND_bytes(16).hex()]',
      ),
      'requirements.txt': 'ssl\n',
    },
    '--set',
    wheelhouse!,
  );
  different(answers);
  expect(remarks).toEqual([]);
});

test.runIf(wheelhouse !== null)(
  'ssl loads its libraries when it is first used, and keeps what it was given',
  async () => {
    const { answers } = await askTwo(
      {
        ...entry(
          'import ssl, sys\nfrom anyio import sleep\nssl.MINE = ssl.OP_ALL = 7',
          '["_ssl" in sys.modules, ssl.MINE, ssl.CERT_NONE.name, "_ssl" in sys.modules, ssl.OP_ALL]',
        ),
        'requirements.txt': 'anyio\nssl\n',
      },
      '--set',
      wheelhouse!,
    );
    expect(answers[0]).toBe("[False, 7, 'CERT_NONE', True, 7]");
  },
);

test.runIf(process.env.TEST_ALL && wheelhouse !== null)(
  'numpy and Pillow: a picture, and random numbers that differ',
  async () => {
    const code = `import io
import numpy as np
from PIL import Image


def draw():
    data = io.BytesIO()
    Image.fromarray(np.full((4, 4, 3), 7, "uint8")).save(data, "PNG")
    numbers = [np.random.random(), np.random.default_rng().random()]
    return data.getvalue()[1:4].decode(), float(np.linalg.norm(np.ones(4))), *map(float, numbers)
`;
    const { answers, remarks } = await askTwo(
      { ...entry(code, 'draw()'), 'requirements.txt': 'numpy\npillow\n' },
      '--set',
      wheelhouse!,
    );
    for (const answer of answers) expect(answer).toMatch(/^\('PNG', 2\.0, [\d.e-]+, [\d.e-]+\)$/);
    different(answers.map((answer: string) => answer.slice("('PNG', 2.0, ".length, -1)));
    expect(remarks.filter(({ code }: { code: string }) => code === 'entropy')).toEqual([]);
  },
);
