/** The support window of a Python minor version. */
import { PythonDocument } from '../../resolver/catalog.ts';
import type { PythonSource } from './sources.ts';

const SUPPORTED_YEARS = 5;

export function pythonDocument({ python, first_release, pep }: PythonSource): PythonDocument {
  const [year, month, day] = first_release.split('-');
  return PythonDocument.parse({
    kind: 'python',
    python,
    first_release,
    supported_until: `${Number(year) + SUPPORTED_YEARS}-${month}-${day}`,
    source: {
      registry: 'pep',
      package: `PEP ${pep}`,
      version: python,
      file: `Python ${python} Release Schedule`,
      sha256: null,
    },
  });
}
