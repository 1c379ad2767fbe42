/** Wheels as requirements: their paths and URLs become `name @ URL`, which the solver follows. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDirectRequirement } from '../../resolver/requirements/requirement.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';
import type { FileRequirement } from './file-requirement.ts';

/** A path or a URL that ends in `.whl`, with a fragment or a marker after it. */
const WHEEL =
  /^(?<place>(?:file:|https?:)\/\/\S+?\.whl|[^@;#]*?\.whl)(?<fragment>#\S*)?(?<marker>\s*;.*)?$/is;

/** Whether a requirement of the command line is the path of a wheel. */
export function isWheelPath(text: string): boolean {
  return WHEEL.test(text) && (/[/\\]/.test(text) || existsSync(text));
}

/**
 * The same requirement, with the path or URL of a wheel as `name @ URL`. Paths are relative to the current folder, as
 * in pip.
 */
export function withWheelUrl<One extends FileRequirement>(one: One): One {
  const { place, fragment = '', marker = '' } = WHEEL.exec(one.text)?.groups ?? {};
  if (place === undefined) return one;
  const isUrl = /^(?:file|https?):/i.test(place);
  const filename = isUrl ? filenameAt(place) : basename(place);
  const wheel = parseWheelName(filename);
  if (!wheel) return one;
  const url = isUrl ? place : pathToFileURL(resolve(place)).href;
  return { ...one, text: `${wheel.project} @ ${url}${fragment}${marker.replace(/^\s*;/, ' ;')}` };
}

/** The last part of a URL's path. */
export function filenameAt(url: string): string {
  return decodeURIComponent(basename(new URL(url).pathname));
}

export function namesWheel({ text }: FileRequirement): boolean {
  const parsed = parseDirectRequirement(text);
  return parsed.ok && /\.whl(?:[?#]|$)/i.test(parsed.value.url ?? '');
}
