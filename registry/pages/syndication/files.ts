/** Well-known files at the root of a site. */
import { printable } from '../../../resolver/text/printable.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { PAGES } from '../components/document.tsx';
import { escaped } from '../components/text.tsx';

/** Keeps crawlers away from pages that are computed from parameters. */
export function robots(origin: string): string {
  return [
    'User-agent: *',
    ...['/v1/', '/simple/', '/wheels/', '/*?'].map((path) => `Disallow: ${path}`),
    `Sitemap: ${origin}/sitemap.xml`,
    '',
  ].join('\n');
}

export function sitemap(
  origin: string,
  { packages, sets, changed }: { packages: readonly string[]; sets: readonly string[]; changed: string },
): string {
  // `/packages` redirects to the set of the day.
  const pages = ['/', ...PAGES.filter((path) => path !== '/packages')];
  const paths = [...pages, ...packages.map((name) => packagePath(name)), ...sets.map(setPath)];
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...paths.map((path) => `<url><loc>${escaped(origin + path)}</loc><lastmod>${changed}</lastmod></url>`),
    '</urlset>',
    '',
  ].join('\n');
}

/** OpenSearch 1.1: a browser can search the matrix from its address bar. */
export function openSearch(origin: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
    '<ShortName>Pinwheel</ShortName>',
    '<Description>Can I use a package in a Python Worker?</Description>',
    '<InputEncoding>UTF-8</InputEncoding>',
    `<Image width="32" height="32" type="image/x-icon">${escaped(origin)}/favicon.ico</Image>`,
    `<Url type="text/html" template="${escaped(origin)}/?q={searchTerms}"/>`,
    '</OpenSearchDescription>',
    '',
  ].join('\n');
}

/** `llms.txt` (llmstxt.org): the content of the site, and its addresses as Markdown. */
export function llms(origin: string, packages: readonly string[]): string {
  return [
    '# Pinwheel',
    '',
    '> Which Python, which Pyodide and which pinned packages belong to the compatibility date and flags of a Cloudflare Python Worker.',
    '',
    'A Python Worker names no versions: its compatibility_date and compatibility_flags decide. Packages are vendored into python_modules.',
    '',
    '## Look things up',
    '',
    `- [Every package at every compatibility date](${origin}/index.md): one table`,
    `- [One package](${origin}/packages/numpy.md): any name instead of numpy is answered, also that of a module`,
    `- [A question in a line](${origin}/index.md?q=fastapi%20numpy%3E%3D2%202025-11-02): names, versions, flags, and one date or two`,
    `- [Runtimes](${origin}/runtimes.md): every Python that workerd has, and the flags that select it`,
    `- [Package sets](${origin}/sets.md): every set, the dates that select it, and a page for each with its packages`,
    `- [Compatibility flags](${origin}/flags.md): what each does, and from which date`,
    `- [Evidence](${origin}/evidence.md): which packages were imported and tested, where, and what failed`,
    `- [Known vulnerabilities](${origin}/security.md): of the default package set by day, and of every set, with the newer set that pins a fixed version`,
    `- [The standard library](${origin}/stdlib.md): which modules are missing or work in part`,
    `- [What changes from one date to another](${origin}/compare.md?from=2025-11-02&to=2026-09-08&requirement=fastapi)`,
    `- [Patched wheels](${origin}/patched.md), and [the API](${origin}/api.md)`,
    `- [What is pinned for a Worker](${origin}/v1/resolve?date=2025-11-02&flag=python_workers&requirement=fastapi): JSON, with reasons and fixes`,
    `- [When a requirement holds](${origin}/v1/when?requirement=polars): dates and package flags`,
    `- [OpenAPI](${origin}/openapi.json): every question by HTTP`,
    `- ${origin}/mcp: the questions as tools of the Model Context Protocol, over streamable HTTP`,
    '',
    '## Packages',
    '',
    ...packages.map((name) => `- [${printable(name)}](${origin}${packagePath(name)}.md)`),
    '',
  ].join('\n');
}
