import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDescription } from '../../../registry/http/openapi.ts';
import type { Problem } from '../../../registry/http/problem.ts';
import { routesWith } from '../../../registry/routes.ts';
import type { Delivery, ResolveAnswer, Target } from '../../../resolver/answer.ts';
import { hexOf } from '../../../resolver/bytes.ts';
import { type Catalog, type PackageSet, type Patched, Publication } from '../../../resolver/catalog.ts';
import { canonicalJson, sha256 } from '../../../resolver/digest.ts';
import { LISTED } from '../../../resolver/evidence-level.ts';
import type { PyodideLock } from '../../../resolver/formats/pyodide-lock.ts';
import { logTree } from '../../../resolver/log/entries.ts';
import { ask, askJson } from '../client.ts';
import { dataLog, documentOf, seed } from '../seed.ts';

beforeAll(() => seed());

const FLAG = 'python_3.13_packages_2025_08_08';
const setDocuments = dataLog
  .filter(({ kind }) => kind === 'set')
  .map((entry) => documentOf(entry) as PackageSet);

describe('sets', () => {
  test('all of them', async () => {
    const { sets } = await askJson<{ sets: { flag: string }[] }>('/v1/sets');
    expect(sets.map(({ flag }) => flag)).toEqual(setDocuments.map(({ flag }) => flag));
  });

  test('one of them is its document', async () => {
    const { digest, package_count, ...rest } = await askJson<
      Omit<PackageSet, 'kind'> & Record<string, unknown>
    >(`/v1/sets/${FLAG}`);
    const document = { kind: 'set', ...rest };
    expect(document).toEqual(setDocuments.find(({ flag }) => flag === FLAG));
    expect(await sha256(canonicalJson(document))).toBe(digest);
    expect(package_count).toBe(rest.packages.length);
  });

  test('an unknown name is 404, with similar names', async () => {
    const set = await ask('/v1/sets/python_3.13_packages_2025_08_09');
    expect([set.status, await set.text()]).toEqual([404, expect.stringContaining(FLAG)]);
    const member = await ask(`/v1/sets/${FLAG}/packages/pydantik`);
    expect([member.status, await member.text()]).toEqual([404, expect.stringContaining('pydantic')]);
  });
});

test('a name that no set has is answered with what is known of it, and is else 404', async () => {
  for (const [written, because] of Object.entries({
    torch: 'cannot_run',
    js: 'provided',
    uvicorn: 'not_needed',
  })) {
    expect(await askJson(`/v1/packages/${written}`)).toMatchObject({
      ...{ name: written, versions: [] },
      diagnostics: [{ code: because, fixes: [{ kind: 'leave_out', because }] }],
    });
  }
  expect((await ask('/v1/packages/flask')).status).toBe(404);
  for (const [written, meant] of Object.entries({ numpi: 'numpy', sklearn: 'scikit-learn' })) {
    const { detail } = await (await ask(`/v1/packages/${written}`)).json<{ detail: string }>();
    expect(detail).toBe(`No package set has ${written}. Did you mean ${meant}?`);
  }
  const extra = await (await ask('/v1/packages/uvicorn%5Bstandard%5D%3E=0.30')).json();
  expect(extra).toMatchObject({ name: 'uvicorn', diagnostics: [{ code: 'not_needed' }] });
  const when = '/v1/when?flag=python_workers&as_of=2026-11-20&requirement=';
  const { diagnostics } = await askJson<{ diagnostics: object[] }>(`${when}gunicorn`);
  expect(diagnostics).toMatchObject([{ fixes: [{ kind: 'leave_out', because: 'not_needed' }] }]);
});

describe('pyodide-lock.json', () => {
  test('names every file by a URL of this registry', async () => {
    const lock = await askJson<PyodideLock>(`/v1/sets/${FLAG}/pyodide-lock.json`);
    expect(lock.info).toMatchObject({
      python: '3.13.2',
      platform: 'emscripten_4_0_9',
      abi_version: '2025_0',
    });
    expect(Object.keys(lock.packages)).toHaveLength(72);
    for (const { file_name, sha256 } of Object.values(lock.packages)) {
      expect(file_name.startsWith(`${env.PUBLIC_URL}/wheels/${sha256}/`)).toBe(true);
    }
  });

  test('can name every file relative to its set', async () => {
    const lock = await askJson<PyodideLock>(`/v1/sets/${FLAG}/pyodide-lock.json?relative=true`);
    expect(Object.keys(lock.packages)).toHaveLength(72);
    for (const { file_name, sha256 } of Object.values(lock.packages)) {
      const response = await ask(`/v1/sets/${FLAG}/files/${file_name}`, { redirect: 'manual' });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([301, '*']);
      const location = response.headers.get('location')!;
      expect(decodeURIComponent(location)).toBe(`/wheels/${sha256}/${file_name}`);
    }
    const other = await ask(`/v1/sets/${FLAG}/files/other.whl`);
    expect([other.status, await other.json()]).toMatchObject([404, { code: 'unknown_wheel' }]);
  });

  test('can be reduced to a closure', async () => {
    const path = `/v1/sets/${FLAG}/pyodide-lock.json?requirement=fastapi`;
    expect(Object.keys((await askJson<PyodideLock>(path)).packages)).toHaveLength(13);
    expect((await ask(path.replace('fastapi', 'fastapi%3E9'))).status).toBe(422);
    expect((await ask(path.replace('fastapi', 'a%20b'))).status).toBe(400);
  });

  test.each([
    ['nope', 'No package set has nope. An index may have it: ask POST /v1/lock with index.'],
    ['numpy%3E9', 'An index may have one: ask POST /v1/lock with index and unpin=numpy. To stay with'],
  ])('has no index itself: for %s it names the route that takes one', async (requirement, fix) => {
    const response = await ask(`/v1/sets/${FLAG}/pyodide-lock.json?requirement=${requirement}`);
    const { errors } = (await response.json()) as Problem;
    expect(errors?.[0]?.fix).toContain(fix);
  });
});

describe('flags and runtimes', () => {
  test('a flag by either of its names, and a package flag', async () => {
    const enabled = await askJson('/v1/flags/python_workers_314');
    expect(enabled).toMatchObject({ kind: 'compatibility_flag', flag: 'python_workers_314' });
    expect(await askJson('/v1/flags/no_python_workers_314')).toEqual(enabled);
    expect(await askJson(`/v1/flags/${FLAG}`)).toMatchObject({ kind: 'package_flag', runtime: '0.28.2' });
    expect((await ask('/v1/flags/python_workers_315')).status).toBe(404);
  });

  test('every runtime, of workerd and of sets', async () => {
    const { runtimes } = await askJson<{ runtimes: { id: string }[] }>('/v1/runtimes');
    const byId = new Map(runtimes.map((runtime) => [runtime.id, runtime]));
    expect(byId.get('0.28.2')).toMatchObject({ workerd_bundle: '0.28.2_2025-01-16_22' });
    expect(byId.get('0.27.3')).toMatchObject({ workerd_bundle: null });
    expect(runtimes).toHaveLength(byId.size);
  });
});

describe('packages', () => {
  test('a search, and every version of one package', async () => {
    const { total, packages } = await askJson<{ total: number; packages: { name: string }[] }>(
      '/v1/packages?query=Pydantic',
    );
    expect(packages.map(({ name }) => name)).toEqual(['pydantic', 'pydantic-core']);
    expect(total).toBe(2);
    const { versions } = await askJson<{ versions: { flag: string; version: string }[] }>(
      '/v1/packages/numpy',
    );
    const expected = setDocuments.flatMap(({ flag, packages: members }) =>
      members.filter(({ name }) => name === 'numpy').map(({ version }) => `${flag} ${version}`),
    );
    expect(versions.map(({ flag, version }) => `${flag} ${version}`).sort()).toEqual(expected.sort());
    expect((await ask('/v1/packages/no-such-package')).status).toBe(404);
  });

  test('a search over everything is limited, and has the total', async () => {
    const { total, packages } = await askJson<{ total: number; packages: unknown[] }>(
      '/v1/packages?limit=10',
    );
    expect(packages).toHaveLength(10);
    expect(total).toBe(new Set(setDocuments.flatMap((set) => set.packages.map(({ name }) => name))).size);
    expect((await ask('/v1/packages?limit=0')).status).toBe(400);
    expect((await ask(`/v1/packages?query=${'a'.repeat(101)}`)).status).toBe(400);
  });
});

describe('how a package reaches a Worker', () => {
  const then = dataLog.findLast(({ day: published }) => published < '2026-06-01')!.revision;
  const deliveryOf = async (path: string, at: { flag?: string; name?: string }) => {
    type Found = { flag?: string; name?: string; kind: string; delivery: Delivery | null };
    const { versions, packages } = await askJson<Record<'versions' | 'packages', Found[] | undefined>>(path);
    const found = (versions ?? packages)!.find((candidate) =>
      Object.entries(at).every(([key, value]) => candidate[key as 'flag'] === value),
    )!;
    return [found.kind, found.delivery?.by, found.delivery?.reason.code];
  };

  test('is that of the target of the set’s flag', async () => {
    for (const revision of [then, dataLog.length]) {
      const { versions } = await askJson<{ versions: { flag: string; delivery: Delivery }[] }>(
        `/v1/packages/numpy?revision=${revision}`,
      );
      for (const { flag, delivery } of versions) {
        const { package_set } = await askJson<Target>(
          `/v1/target?flag=${flag}&as_of=2026-11-20&revision=${revision}`,
        );
        expect(delivery, flag).toEqual(package_set.delivery);
      }
    }
  });

  test('is not stated for the standard library, which comes with the runtime', async () => {
    expect(await deliveryOf('/v1/packages?query=ssl', { name: 'ssl' })).toEqual([
      'standard_library',
      undefined,
      undefined,
    ]);
    const { versions } = await askJson<{ versions: { kind: string; delivery: null }[] }>('/v1/packages/ssl');
    expect(versions.map(({ kind, delivery }) => [kind, delivery])).toContainEqual(['standard_library', null]);
  });
});

describe('history', () => {
  test('the log has roots that anyone can check', async () => {
    const { publications } = await askJson<{ publications: Publication[] }>('/v1/log');
    expect(publications).toEqual(dataLog);
    for (const [at, { root }] of publications.entries()) {
      expect(hexOf((await logTree(publications.slice(0, at + 1))).root)).toBe(root);
    }
  });

  test('one entry, which is immutable', async () => {
    const response = await ask('/v1/log/3');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(Publication.parse(await response.json())).toEqual(dataLog[2]);
    expect((await ask(`/v1/log/${dataLog.length + 1}`)).status).toBe(404);
  });

  test('an older revision has the sets and flags of its time', async () => {
    const { revision } = dataLog.find(({ name: subject }) => subject === '1.20250617.0')!;
    const { sets } = await askJson<{ sets: { flag: string }[] }>(`/v1/sets?revision=${revision}`);
    expect(sets.map(({ flag }) => flag)).not.toContain(FLAG);
    const flag = await askJson(`/v1/flags/python_workers_20250116?revision=${revision}`);
    expect(flag).toMatchObject({ experimental: true, implied_date: null });
  });

  test('the whole catalog, for other resolvers', async () => {
    expect((await askJson<Catalog>('/v1/catalog')).log).toEqual(dataLog);
  });
});

describe('operation', () => {
  test('health tells revision and storage operations', async () => {
    expect(await askJson('/healthz')).toMatchObject({
      status: 'ok',
      registry: { revision: dataLog.length, digest: dataLog.at(-1)!.root },
      operations: { d1: expect.any(Number), r2: expect.any(Number) },
    });
  });

  test('a search of another revision reads nothing more, and asks D1 for nothing', async () => {
    const asked = async () =>
      (await askJson<{ operations: { d1: number; r2: number } }>('/healthz')).operations;
    // With a revision that is not cached. /healthz itself reads R2.
    const looks = -(await asked()).r2 + (await asked()).r2;
    const before = await asked();
    await (await ask(`/v1/packages?query=numpy&revision=${dataLog.length - 3}`)).text();
    expect(await asked()).toMatchObject({ d1: before.d1, r2: before.r2 + looks });
  });

  test('the OpenAPI document names every route, and no other host', async () => {
    type Operations = Record<string, Record<string, { operationId: string }>>;
    const document = await askJson<{ openapi: string; paths: Operations; servers: unknown }>('/openapi.json');
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(document.paths['/v1/sets/{flag}']!.get!.operationId).toBe('getSetsFlag');
    const page = await (await ask('/api')).text();
    for (const id of ids)
      expect(page.split(`"#${id}"`).length - 1 + page.split(`id="${id}"`).length - 1).toBe(2);
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: env.PUBLIC_URL }]);
    // Without a slash at its end, an index redirects.
    const bare = (paths: string[]) => new Set(paths.map((path) => path.replace(/\/$/, '')));
    const routes = routesWith(readDescription).map(({ path }) => path);
    expect(bare(Object.keys(document.paths))).toEqual(bare(routes));
  });

  test('an unknown path names the description of the API', async () => {
    const response = await ask('/v2/resolve');
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/openapi.json')]);
  });
});

describe('who patched a wheel', () => {
  const OWN = 'python_3.14_packages_2026_11_20';
  const httpx = setDocuments.find(({ flag }) => flag === OWN)!.packages.find(({ name }) => name === 'httpx')!;

  test('is in every answer with the wheel, completely', async () => {
    const { patched } = httpx;
    expect(patched).toMatchObject({
      by: 'pinwheel',
      patch: 'httpx',
      upstream: { sha256: expect.any(String) },
    });
    expect(await askJson(`/v1/sets/${OWN}/packages/httpx`)).toEqual({ ...httpx, evidence: LISTED });
    const { packages } = await askJson<ResolveAnswer>(
      `/v1/resolve?flag=${OWN}&as_of=2026-11-20&requirement=httpx`,
    );
    const resolved = packages.find(({ name }) => name === 'httpx')!;
    expect(resolved.wheel).toMatchObject({ upstream_url: null, patched });
    const { versions } = await askJson<{ versions: { flag: string; patched: Patched | null }[] }>(
      '/v1/packages/httpx',
    );
    for (const { flag, packages } of setDocuments) {
      const pinned = packages.find(({ name }) => name === 'httpx');
      if (pinned)
        expect(versions.find((candidate) => candidate.flag === flag)!.patched, flag).toEqual(pinned.patched);
    }
  });

  test('is described by the API: one of three, by `by`, or null', async () => {
    type Schema = { oneOf?: { $ref?: string; type?: string }[]; properties: Record<string, Schema> };
    const { components } = await askJson<{ components: { schemas: Record<string, Schema> } }>(
      '/openapi.json',
    );
    const { schemas } = components;
    const names = ['PatchedByPinwheel', 'PatchedByPyodide', 'PatchedByCloudflare'];
    const union = [...names.map((name) => ({ $ref: `#/components/schemas/${name}` })), { type: 'null' }];
    expect(schemas.Member!.properties.patched!.oneOf).toEqual(union);
    expect(schemas.ResolvedPackage!.properties.wheel!.properties.patched!.oneOf).toEqual(union);
    expect(schemas.PackageVersion!.properties.patched!.oneOf).toEqual(union);
    for (const name of names) expect(schemas[name]).toMatchObject({ additionalProperties: false });
    expect(Object.keys(schemas.PatchedByPinwheel!.properties)).toEqual(Object.keys(httpx.patched!));
  });
});
