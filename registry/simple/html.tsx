/** Pages of the simple index as HTML (PEP 503, 592, 629, 658, 714). Every anchor is a project or a wheel. */
import type { Child } from 'hono/jsx';
import { patcherOf } from '../../resolver/provenance.ts';
import type { CatalogSet, Patched } from '../../resolver/schemas.ts';
import { printable } from '../../resolver/text/printable.ts';
import type { ProjectPage } from './describe.ts';
import { INDEX_API_VERSION, indexPath } from './project.ts';

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

export function projectHtml({ meta, name, files, _not_listed: unlisted = [] }: ProjectPage): string {
  return documentOf(meta['api-version'], `Links for ${name}`, [
    ...files.map((file) => <WheelLink file={file} />),
    ...unlisted.map(({ filename, url, upstream_url, hashes, reason }) => (
      <p>
        {filename} {reason} It lies at {pathOf(url)} (SHA-256 {hashes.sha256})
        {upstream_url === null ? '' : ` and comes from ${upstream_url}`}.
      </p>
    )),
  ]);
}

const pathOf = (url: string) => new URL(url).pathname;

function WheelLink({ file }: { file: ProjectPage['files'][number] }) {
  const { size, yanked, 'core-metadata': known, 'upload-time': uploaded } = file;
  const metadata = typeof known === 'object' ? `sha256=${known.sha256}` : known && 'true';
  const remarks = [
    ...(size === undefined ? [] : [`${size} bytes`]),
    ...(uploaded === undefined ? [] : [`uploaded ${uploaded.slice(0, 10)}`]),
    `in the set since ${file._taken_in}`,
    ...(file._pinned_by === undefined ? [] : [`pinned by ${file._pinned_by}`]),
    ...(file._patched === undefined ? [] : [patchedBy(file._patched)]),
  ];
  return (
    <div>
      <a
        href={`${pathOf(file.url)}#sha256=${file.hashes.sha256}`}
        data-requires-python={file['requires-python']}
        {...(yanked === false ? {} : { 'data-yanked': yanked })}
        {...(metadata === false
          ? {}
          : { 'data-core-metadata': metadata, 'data-dist-info-metadata': metadata })}
        data-patched={file._patched?.by}
      >
        {file.filename}
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
