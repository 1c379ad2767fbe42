/** Packages that use httpx: with all their dependencies on CPython, and with the pure ones in Pyodide. */
import { describe } from 'vitest';
import { checksIn } from '../checks.ts';
import type { Host } from '../hosts.ts';
import { NEWEST } from '../pyodide-releases.ts';
import { wheels } from '../python-packages.ts';
import { testSubjects } from '../subjects.ts';
import { HTTPX, httpxOnEmscripten } from './wheels.ts';

interface PackageOnHttpx {
  /** Its pinned requirement, for pip. */
  requirement: string;
  /** Its dependencies in Pyodide. */
  needed: readonly string[];
  hosts: readonly Exclude<Host, 'cpython'>[];
  checks: RegExp;
  version?: string;
}

const PACKAGES: PackageOnHttpx[] = [
  {
    requirement: 'openai==2.54.0',
    needed: [
      'pydantic==2.13.5',
      'anyio==4.15.1',
      'distro==1.9.0',
      'sniffio==1.3.1',
      'tqdm==4.70.1',
      'typing-extensions==4.16.0',
    ],
    hosts: ['pyodide', 'pyodide without stack switching'],
    checks: /^openai_checks\.py$/,
  },
  // It imports httpcore: upstream's httpx requires that, the patched one does not.
  {
    requirement: 'respx==0.23.1',
    needed: ['httpcore==1.0.9', 'h11==0.16.0', 'certifi==2026.7.22'],
    hosts: ['pyodide'],
    checks: /^respx_checks\.py$/,
    // The first Pyodide whose Python has ssl, which httpcore imports.
    version: NEWEST,
  },
];

describe.each(PACKAGES)('$requirement', ({ requirement, needed, hosts, checks, version }) => {
  const packages = async () => [...(await httpxOnEmscripten()), ...(await wheels([requirement, ...needed]))];
  testSubjects('httpx', checksIn(import.meta.url, checks), [
    { name: 'upstream on CPython', host: 'cpython', packages: async () => [HTTPX, requirement] },
    ...hosts.map((host) => ({ name: `patched in ${host}`, host, packages, ...(version && { version }) })),
  ]);
});
