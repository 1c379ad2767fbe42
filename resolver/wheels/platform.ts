/**
 * Platforms as locks of Pyodide state them: named after the Emscripten, `emscripten_5_0_3`, and since pyodide-build's
 * pull request 429 after the ABI, as in PEP 783: `pyemscripten_2026_0`.
 */

/** The Emscripten of each ABI, by pyodide-build's docs/reference/platform.md and the locks of Pyodide. */
const EMSCRIPTENS: Record<string, string> = { '2024_0': '3_1_58', '2025_0': '4_0_9', '2026_0': '5_0_3' };

/** The platform of a lock or a set. The architecture, which locks state beside it, may be written after it. */
export function statedPlatform(written: string): string {
  return written.replace(/_wasm32$/, '');
}

/** The ABI that the name of a platform states; null for one named after its Emscripten. */
export function abiOfPlatform(platform: string): string | null {
  return /^pyemscripten_(\d{4}_\d+)$/.exec(statedPlatform(platform))?.[1] ?? null;
}

/** The Emscripten of a platform, such as `4_0_9`; null if it is not known. */
export function emscriptenOf(platform: string): string | null {
  const abi = abiOfPlatform(platform);
  const stated = /^emscripten_(\d+_\d+_\d+)$/.exec(statedPlatform(platform))?.[1] ?? null;
  return abi === null ? stated : (EMSCRIPTENS[abi] ?? null);
}
