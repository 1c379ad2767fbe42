/** Wheels as requirements: their paths and URLs become `name @ URL`, which the solver follows. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { placesOf } from '../../resolver/issue.ts';
import { parseDirectRequirement } from '../../resolver/requirements/requirement.ts';
import type { FileRequirement } from '../../resolver/requirements/requirements-file.ts';
import { parseWheelName } from '../../resolver/wheels/wheel-name.ts';

/** A path or a URL that ends in `.whl`, with a fragment or a marker after it. */
const WHEEL =
  /^(?<place>(?:file:|https?:)\/\/\S+?\.whl|[^@;#]*?\.whl)(?<fragment>#\S*)?(?<marker>\s*;.*)?$/is;

export function isWheelPath(text: string): boolean {
  return WHEEL.test(text) && (/[/\\]/.test(text) || existsSync(text));
}

/** The path or URL of a wheel as `name @ URL`. Paths are relative to the current folder, as in pip. */
export function withWheelUrl<One extends FileRequirement>(requirement: One): One {
  const { place, fragment = '', marker = '' } = WHEEL.exec(requirement.text)?.groups ?? {};
  if (place === undefined) return requirement;
  const isUrl = /^(?:file|https?):/i.test(place);
  const filename = isUrl ? filenameAt(place) : basename(place);
  const wheel = parseWheelName(filename);
  if (!wheel) return requirement;
  const url = isUrl ? place : pathToFileURL(resolve(place)).href;
  return { ...requirement, text: `${wheel.project} @ ${url}${fragment}${marker.replace(/^\s*;/, ' ;')}` };
}

export function filenameAt(url: string): string {
  return decodeURIComponent(basename(new URL(url).pathname));
}

export function namesWheel({ text }: FileRequirement): boolean {
  const parsed = parseDirectRequirement(text);
  return parsed.ok && /\.whl(?:[?#]|$)/i.test(parsed.value.url ?? '');
}

export type { FileRequirement };

const SHOWN = 5;

export function withoutPlace(text: string): FileRequirement {
  return { text, where: '' };
}

/** Adds to the issues about `requirements` the positions of these in files. */
export function locateIssues<One extends { message: string; where?: string }>(
  issues: readonly One[],
  requirements: readonly FileRequirement[],
): One[] {
  return issues.map((issue) => {
    if (issue.where !== undefined) return issue;
    const places = placesOf(issue).flatMap((at) => requirements[at]?.where || []);
    if (places.length === 0) return issue;
    const more = places.length > SHOWN ? ` and ${places.length - SHOWN} more` : '';
    return { ...issue, where: places.slice(0, SHOWN).join('; ') + more };
  });
}
