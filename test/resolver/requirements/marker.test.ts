import { readFileSync } from 'node:fs';
import { loadPyodide } from 'pyodide';
import { describe, expect, test } from 'vitest';
import {
  evaluateMarker,
  type Marker,
  markerEnvironment,
  meaninglessComparison,
  parseMarker,
} from '../../../resolver/requirements/marker.ts';

const worker = markerEnvironment({ python: '3.13.2', platform: 'emscripten_4_0_9' });

function markerOf(text: string): Marker {
  const parsed = parseMarker(text);
  if (!parsed.ok) throw new Error(parsed.issues[0]!.message);
  return parsed.value;
}

describe('evaluateMarker on a Worker', () => {
  // packaging evaluates 10,000 others, in other environments.
  test('a literal is not a property of an object', () => {
    expect(evaluateMarker(markerOf('"a" == "__proto__"'), worker)).toBeNull();
  });

  test('names that packaging does not accept as extras are not normalized', () => {
    expect(evaluateMarker(markerOf('extra == "os_name"'), worker, 'os-name')).toBe(true);
    expect(evaluateMarker(markerOf('extra == os_name'), worker, 'os-name')).toBe(false);
    expect(evaluateMarker(markerOf('"os_name" == "extra"'), worker, 'os-name')).toBe(false);
  });

  test('a list of versions may be longer than a version', () => {
    const versions = Array.from({ length: 40 }, (_, minor) => `3.${minor}`).join(' ');
    expect(evaluateMarker(markerOf(`python_version in "${versions}"`), worker)).toBe(true);
    expect(evaluateMarker(markerOf(`python_version not in "${versions}"`), worker)).toBe(false);
  });

  test('a meaningless comparison is named', () => {
    const marker = markerOf('os_name == "posix" and (extra == "x" or  os_name ~= "nt" )');
    expect(meaninglessComparison(marker, worker)?.text).toBe('os_name ~= "nt"');
    expect(meaninglessComparison(markerOf('os_name == "nt"'), worker)).toBeNull();
  });
});

describe('markerEnvironment', () => {
  test('is that of Python in Pyodide', async () => {
    const lock = JSON.parse(readFileSync('node_modules/pyodide/pyodide-lock.json', 'utf8'));
    const pyodide = await loadPyodide();
    const variables = pyodide.runPython(`
import json, os, platform, sys
json.dumps({
    "implementation_name": sys.implementation.name,
    "implementation_version": ".".join(map(str, sys.implementation.version[:3])),
    "os_name": os.name,
    "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_full_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "sys_platform": sys.platform,
})`);
    expect(Object.fromEntries(markerEnvironment(lock.info))).toEqual(JSON.parse(variables));
  });

  test('leaves the release empty if the platform does not provide it', () => {
    expect(markerEnvironment({ python: '3.12.1', platform: '' }).get('platform_release')).toBe('');
  });
});

test.each([
  ['', 1, 'Expected a variable or a string in quotes, found the end', null],
  ['os_name', 8, 'Expected one of ==, !=, <=, <, >=, >, ~=, ===, `in` and `not in`, found the end', null],
  [
    'python_version > 3.8',
    18,
    'Expected a variable or a string in quotes, found `3.8`',
    'Put text in quotes.',
  ],
  [
    'os_name == "nt',
    12,
    'Expected a variable or a string in quotes, found `"`',
    'Close the string with another ".',
  ],
  ['os_name = "nt"', 9, /^Expected one of .* found `=`/, 'Write == instead of =.'],
  ['os_name == "nt" AND extra == "x"', 17, /found `AND`/, 'Write it in lower case.'],
  ['(os_name == "nt"', 17, 'Expected `and`, `or` or `)`, found the end', null],
  ['os_name == "nt")', 16, 'Expected `and`, `or` or the end, found `)`', null],
  ['os_name not "nt"', 13, 'Expected `in`, found `"`', null],
  [
    'os_nmae == "nt"',
    1,
    /found `os_nmae`/,
    /^Put text in quotes, or write one of the variables python_version,/,
  ],
  ['os_name == "a\\n"', 14, '`\\` is not allowed in a string', 'Leave it out.'],
  ['os_name == "a\0"', 14, '`\\u{0}` is not allowed in a string', 'Leave it out.'],
])('parseMarker refuses %j', (text, column, problem, fix) => {
  const parsed = parseMarker(text);
  const [issue] = parsed.ok ? [] : parsed.issues;
  expect(issue).toMatchObject({ kind: 'malformed', code: 'invalid_marker' });
  expect(issue!.message).toMatch(problem);
  expect(issue!.message).toContain(`, at column ${column}`);
  if (fix instanceof RegExp) expect(issue!.fix).toMatch(fix);
  else expect(issue!.fix).toBe(fix);
});
