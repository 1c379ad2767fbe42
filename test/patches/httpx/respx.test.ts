/**
 * The respx package, which imports httpcore: upstream's httpx requires it, the patched one does not.
 */
import { checksIn } from '../checks.ts';
import { NEWEST } from '../pyodide-releases.ts';
import { describePackage } from './package-checks.ts';

describePackage({
  requirement: 'respx==0.23.1',
  needed: ['httpcore==1.0.9', 'h11==0.16.0', 'certifi==2026.7.22'],
  hosts: ['pyodide'],
  checks: checksIn(import.meta.url, /^respx_checks\.py$/),
  // The first Pyodide whose Python has ssl, which httpcore imports.
  pyodide: NEWEST,
});
