/** The content of a built Worker as CycloneDX 1.6. Nothing in it depends on the machine or the day. */
import { readPackageJson } from '../common/places.ts';
import type { PackageLicense, PackagesLayer } from '../packages/layer.ts';
import type { WorkerDocument } from './build.ts';

export function sbomOf({ runtime, packages }: WorkerDocument, { licenses }: PackagesLayer): object {
  const { pyodide, python } = runtime;
  const { version: pinwheel } = readPackageJson('package.json') as { version: string };
  const about = new Map(licenses.map((one) => [one.name, one]));
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
