import { describe, expect, test } from 'vitest';
import { type Form, formOfAccept, formOfFormat } from '../../../registry/simple/form.ts';

const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
const HTML_V1 = 'application/vnd.pypi.simple.v1+html';

describe('an Accept header', () => {
  test.each<[string | null, Form | null]>([
    [null, 'html'],
    ['', 'html'],
    ['*/*', 'html'],
    ['text/html', 'html'],
    ['text/*', 'html'],
    [JSON_V1, 'json'],
    [HTML_V1, 'vendor_html'],
    ['application/vnd.pypi.simple.latest+json', 'json'],
    ['application/vnd.pypi.simple.latest+html', 'vendor_html'],
    [JSON_V1.toUpperCase(), 'json'],
    // What pip, uv, micropip and browsers send.
    [`${JSON_V1}, ${HTML_V1}; q=0.1, text/html; q=0.01`, 'json'],
    [`${JSON_V1}, ${HTML_V1};q=0.2, text/html;q=0.01`, 'json'],
    [`${JSON_V1}, */*;q=0.01`, 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8', 'html'],
    // Weights decide, not the order; a weight of 0 refuses.
    [`text/html;q=0.2, ${JSON_V1};q=0.5, ${HTML_V1};q=0.9`, 'vendor_html'],
    [`text/html;q=0, */*`, 'json'],
    [`${JSON_V1};q=0, application/*;q=0.5`, 'vendor_html'],
    [`${JSON_V1};q=0.3, application/vnd.pypi.simple.latest+json;q=0.6, text/html;q=0.5`, 'json'],
    // The specific range outweighs the general one.
    ['text/html;q=0.1, */*;q=0.5', 'json'],
    // An unknown version is ignored if there is another type.
    ['application/vnd.pypi.simple.v2+json, application/vnd.pypi.simple.v1+html;q=0.1', 'vendor_html'],
    ['application/vnd.pypi.simple.v2+json', null],
    ['application/json', null],
    ['image/png', null],
    ['*/*;q=0', null],
    // Malformed weights.
    [`${JSON_V1};q=2`, 'json'],
    [`${JSON_V1};q=-1, text/html;q=0.1`, 'html'],
    [`${JSON_V1};q=high`, 'json'],
    [`${JSON_V1};charset=utf-8;q=0.5`, 'json'],
    [',,;;,', null],
    ['application', null],
  ])('%s is %s', (accept, form) => {
    expect(formOfAccept(accept)).toBe(form);
  });

  test('ten thousand ranges are read in one pass', () => {
    expect(formOfAccept(`${'a/b;q=0.5,'.repeat(10_000)}${JSON_V1}`)).toBe('json');
    expect(formOfAccept(`text/html;${' '.repeat(50_000)}q${' '.repeat(50_000)}`)).toBe('html');
  });
});

test('formOfFormat accepts the media types of the pages, with the plus encoded or not', () => {
  expect(formOfFormat(JSON_V1)).toBe('json');
  expect(formOfFormat(JSON_V1.replace('+', ' '))).toBe('json');
  expect(formOfFormat('application/vnd.pypi.simple.latest+html')).toBe('vendor_html');
  expect(formOfFormat('text/html')).toBe('html');
  expect(formOfFormat('application/vnd.pypi.simple.v2+json')).toBeNull();
  expect(formOfFormat('json')).toBeNull();
  expect(formOfFormat('')).toBeNull();
});
