/** What is in a built Worker as CycloneDX 1.6 has it. Nothing in it depends on the machine or the day. */
import type { WorkerDocument } from './build.ts';
import type { PackagesLayer } from './packages.ts';

export function sbomOf({ runtime, packages }: WorkerDocument, { licenses }: PackagesLayer): object {
  const { pyodide, python } = runtime;
  const licenseOf = new Map(licenses.map(({ name, license }) => [name, license]));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    components: [
      {
        ...{ type: 'framework', name: 'pyodide', version: pyodide, purl: `pkg:npm/pyodide@${pyodide}` },
        licenses: [{ license: { id: 'MPL-2.0' } }],
      },
      { type: 'platform', name: 'cpython', version: python, licenses: [{ license: { id: 'PSF-2.0' } }] },
      ...packages.map(({ name, version, sha256 }) => ({
        type: 'library',
        name,
        version,
        purl: `pkg:pypi/${name}@${encodeURIComponent(version)}`,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
        ...(licenseOf.get(name) ? { licenses: [{ license: { name: licenseOf.get(name) } }] } : {}),
      })),
    ],
  };
}
