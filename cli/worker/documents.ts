/** The documents in a built Worker: pinwheel.json, NOTICE and sbom.cdx.json. */

import parseExpression from 'spdx-expression-parse';
import type { MemberKind } from '../../resolver/schemas.ts';
import type { RuntimeInfo } from '../../runtime/create.ts';
import { readPackageJson } from '../common/package-root.ts';
import type { BuildClosure, PackageLicense, PackagesLayer, StatedLicense } from './inputs.ts';

/** `pinwheel.json`: what is in a built Worker, and from where. */
export interface WorkerDocument {
  runtime: RuntimeInfo;
  package_set: BuildClosure['packageSet'];
  packages: { name: string; version: string; filename: string; sha256: string; patched_by: string | null }[];
  main: string;
  snapshot: { sha256: string; size: number } | null;
  /** The digest of everything that the Worker was made from: the same inputs give the same Worker. */
  inputs: string;
}

/** The content of a built Worker as CycloneDX 1.6. Nothing in it depends on the machine or the day. */
export function sbomOf({ runtime, packages }: WorkerDocument, { licenses }: PackagesLayer): object {
  const { pyodide, python } = runtime;
  const { version: pinwheel } = readPackageJson('package.json') as { version: string };
  const about = new Map(licenses.map((license) => [license.name, license]));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    components: [
      {
        ...{ type: 'framework', name: 'pinwheel-py', version: pinwheel },
        purl: `pkg:npm/pinwheel-py@${pinwheel}`,
        licenses: [{ license: { id: 'MIT' } }],
      },
      {
        ...{ type: 'framework', name: 'pyodide', version: pyodide, purl: `pkg:npm/pyodide@${pyodide}` },
        licenses: [{ license: { id: 'MPL-2.0' } }],
      },
      { type: 'platform', name: 'cpython', version: python, licenses: [{ license: { id: 'PSF-2.0' } }] },
      ...packages.map(({ name, version, sha256 }) => ({
        type: 'library',
        name,
        version,
        ...purlOf(about.get(name)?.kind, name, version),
        hashes: [{ alg: 'SHA-256', content: sha256 }],
        ...licensesOf(about.get(name)),
      })),
    ],
  };
}

/** C libraries, and parts of Python's standard library, are not on PyPI. */
function purlOf(kind: PackageLicense['kind'] | undefined, name: string, version: string) {
  if (kind === 'standard_library') return {};
  const type = kind === 'shared_library' ? 'generic' : 'pypi';
  return { purl: `pkg:${type}/${name}@${encodeURIComponent(version)}` };
}

function licensesOf(about: PackageLicense | undefined) {
  if (!about || about.license === null) return {};
  const { license, isExpression } = about;
  return { licenses: [isExpression ? { expression: license } : { license: { name: license } }] };
}

/** The authors and licences of everything that a built Worker redistributes; `own` is Pinwheel's licence. */
export function noticeOf({ pyodide, python }: RuntimeInfo, { licenses }: PackagesLayer, own: string): string {
  const rule = '-'.repeat(80);
  const parts = [
    'This Worker redistributes the work of others, each under its own licence.',
    `Pinwheel\n\n${own.trim()}`,
    `Pyodide ${pyodide}\n\nMozilla Public License 2.0: https://www.mozilla.org/MPL/2.0/\nIts source: https://github.com/pyodide/pyodide/tree/${pyodide}`,
    `CPython ${python}, with its standard library, from whose sources the comments were taken out\n\nPython Software Foundation License Version 2: https://docs.python.org/3/license.html`,
    ...licenses.map(({ name, version, license, texts }) =>
      [
        `${name} ${version}`,
        license ?? 'Its wheel does not state a licence.',
        ...texts.map((text) => text.trim()),
      ].join('\n\n'),
    ),
  ];
  return `${parts.join(`\n\n${rule}\n\n`)}\n`;
}

/** Classifiers that mean one licence. "BSD License" and "Apache Software License" mean several. */
const CLASSIFIED: Readonly<Record<string, string>> = {
  'MIT License': 'MIT',
  'MIT No Attribution License (MIT-0)': 'MIT-0',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  'Python Software Foundation License': 'PSF-2.0',
  'ISC License (ISCL)': 'ISC',
  'The Unlicense (Unlicense)': 'Unlicense',
  'zlib/libpng License': 'Zlib',
};

/** @param metadata of its wheel; null for what has none: libraries of C, and parts of the standard library */
export function licenseOf(
  { name, version, kind }: { name: string; version: string; kind: MemberKind },
  metadata: string | null,
): StatedLicense {
  if (kind === 'standard_library') return expression('PSF-2.0');
  if (metadata !== null) return licenseIn(metadata);
  // OpenSSL has been under another licence from 3.0 on.
  if (name === 'openssl') return expression(/^[01]\./.test(version) ? 'OpenSSL' : 'Apache-2.0');
  return { license: null, isExpression: false };
}

function licenseIn(metadata: string): StatedLicense {
  const head = metadata.replaceAll('\r\n', '\n').split('\n\n')[0]!;
  const field = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(head)?.[1]?.trim();
  const classifiers = [...head.matchAll(/^Classifier: License :: (?:OSI Approved :: )?(.+)$/gm)].map(
    ([, name]) => name!.trim(),
  );
  const stated = field('License');
  const [only] = classifiers;
  const known = classifiers.length === 1 ? CLASSIFIED[only!] : undefined;
  for (const candidate of [field('License-Expression'), stated, known]) {
    if (candidate !== undefined && isExpression(candidate)) return expression(candidate);
  }
  const license = classifiers.join(', ') || field('License-Expression') || stated;
  return { license: license?.slice(0, 100) ?? null, isExpression: false };
}

const expression = (license: string): StatedLicense => ({ license, isExpression: true });

function isExpression(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}
