/** Pages of the simple index as HTML (PEP 503, 592, 629, 658, 714). Every anchor is a project or a wheel. */
import type { Child } from 'hono/jsx';
import { patcherOf } from '../../resolver/provenance.ts';
import type { CatalogSet, Patched } from '../../resolver/schemas.ts';
import { printable } from '../../resolver/text/printable.ts';
import {
  apiVersionOf,
  INDEX_API_VERSION,
  type IndexedWheel,
  indexPath,
  type ProjectPage,
} from './project.ts';

/** The root page, whose anchors lead to indexes instead of projects. */
export function rootHtml(sets: readonly CatalogSet[]): string {
  return documentOf(
    INDEX_API_VERSION,
    'Indexes of package sets',
    sets.map(({ flag, python, runtime }) => (
      <div>
        <a href={indexPath(flag)}>{flag}</a> Python {printable(python)}, Pyodide {printable(runtime)}
      </div>
    )),
  );
}

export function indexHtml(projects: readonly string[], flag: string): string {
  return documentOf(
    INDEX_API_VERSION,
    flag,
    projects.map((name) => (
      <div>
        <a href={`${indexPath(flag)}${name}/`}>{name}</a>
      </div>
    )),
  );
}

export function projectHtml(page: ProjectPage): string {
  return documentOf(apiVersionOf(page), `Links for ${page.name}`, [
    ...page.wheels.map((wheel) => <WheelLink wheel={wheel} />),
    ...page.unlisted.map(({ filename, path, upstreamUrl, sha256, reason }) => (
      <p>
        {printable(filename)} {reason} It lies at {path} (SHA-256 {sha256})
        {upstreamUrl === null ? '' : ` and comes from ${printable(upstreamUrl)}`}.
      </p>
    )),
  ]);
}

function WheelLink({ wheel }: { wheel: IndexedWheel }) {
  const metadata =
    wheel.metadata === 'on demand' ? 'true' : wheel.metadata && `sha256=${wheel.metadata.sha256}`;
  const remarks = [
    ...(wheel.size === null ? [] : [`${wheel.size} bytes`]),
    ...(wheel.uploaded === null ? [] : [`uploaded ${wheel.uploaded}`]),
    `in the set since ${wheel.takenIn}`,
    ...(wheel.pinnedBy === null ? [] : [`pinned by ${wheel.pinnedBy}`]),
    ...(wheel.patched === null ? [] : [patchedBy(wheel.patched)]),
  ];
  return (
    <div>
      <a
        href={`${wheel.path}#sha256=${wheel.sha256}`}
        {...(wheel.requiresPython === null ? {} : { 'data-requires-python': wheel.requiresPython })}
        {...(wheel.yanked === null ? {} : { 'data-yanked': wheel.yanked })}
        {...(metadata === null
          ? {}
          : { 'data-core-metadata': metadata, 'data-dist-info-metadata': metadata })}
        {...(wheel.patched === null ? {} : { 'data-patched': wheel.patched.by })}
      >
        {wheel.filename}
      </a>{' '}
      {remarks.join(', ')}
    </div>
  );
}

function patchedBy(patched: Patched): string {
  const by = `patched by ${patcherOf(patched.by)}`;
  if (patched.by !== 'pinwheel') return by;
  const { patch, release, upstream, recipe } = patched;
  const from = `${printable(upstream.filename)} (SHA-256 ${upstream.sha256})`;
  return `${by} from ${from} with release ${release} of its patch ${patch} (recipe SHA-256 ${recipe})`;
}

function documentOf(apiVersion: string, title: string, content: Child): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="pypi:repository-version" content={apiVersion} />
        <title>{title}</title>
      </head>
      <body>
        <h1>{title}</h1>
        {content}
      </body>
    </html>
  );
  return `<!DOCTYPE html>\n${page}\n`;
}
