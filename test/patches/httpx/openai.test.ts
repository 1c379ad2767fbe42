/** The openai package on httpx: with all its dependencies on CPython, and with the pure ones in Pyodide. */
import { checksIn } from '../checks.ts';
import { describePackage } from './package-checks.ts';

describePackage({
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
  checks: checksIn(import.meta.url, /^openai_checks\.py$/),
});
