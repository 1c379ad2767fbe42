import { type Child, createContext, useContext } from 'hono/jsx';
import type { CatalogView } from '../../../resolver/index.ts';
import { PREVIEW, pathOf } from '../assets.ts';
import { AnswerFooter } from './answer.tsx';

const PURPOSE =
  'Which Python and which Pyodide a Python Worker runs with its compatibility date and flags, and which packages ' +
  'its package set pins.';

/** The navigation: the main pages. */
const NAVIGATION = [
  ['/packages', 'Packages'],
  ['/resolve', 'Resolve'],
  ['/compare', 'Upgrade'],
  ['/runtimes', 'Runtimes'],
  ['/api', 'API'],
] as const;

/** The footer: reference pages. */
const REFERENCE = [
  ['/sets', 'Package sets'],
  ['/evidence', 'Evidence'],
  ['/security', 'Security'],
  ['/stdlib', 'Standard library'],
  ['/flags', 'Compatibility flags'],
  ['/patched', 'Patched wheels'],
] as const;

/** The source is the repository of package.json, which a page's code cannot import whole. */
const FILES = [
  ['https://github.com/pinwheel-py/pinwheel', 'Source'],
  ['/changes.atom', 'Feed of changes'],
  ['/openapi.json', 'OpenAPI'],
] as const;

/** The paths of the pages that have one. */
export const PAGES = [...NAVIGATION, ...REFERENCE].map(([path]) => path);

/** The page's entry in the navigation. */
export type NavigationLink = (typeof NAVIGATION | typeof REFERENCE)[number][0];

/** One blade of the logo; the others are rotated copies. */
const BLADE = 'M16 16V3c6 0 10 5 10 8z';
const ANGLES = [0, 90, 180, 270];

const ICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#c2410c">${ANGLES.map(
    (angle) => `<path d="${BLADE}" transform="rotate(${angle} 16 16)"/>`,
  ).join('')}</svg>`,
)}`;

/** The address of a page, with its question; null for error pages, and for answers to forms that were posted. */
export const PageAddress = createContext<URL | null>(null);

interface DocumentProps {
  /** Without the name of the site. */
  title: string;
  /** A description for search results and previews. */
  description?: string;
  /** Left out if the address has no page. */
  place?: NavigationLink | undefined;
  /** The path of a module that the page loads in addition to the script of all pages. */
  module?: string | undefined;
  /** The feed of the page's changes. */
  feed?: { path: string; title: string };
  children?: Child;
}

/** The frame of every page. */
export function Document(props: DocumentProps) {
  const { description = PURPOSE, place, module, feed, children } = props;
  const title = `${props.title} · Pinwheel for Cloudflare Workers`;
  const address = useContext(PageAddress);
  const canonical = address === null ? undefined : address.origin + address.pathname;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <meta name="description" content={description} />
        {address !== null && (
          <>
            <link rel="canonical" href={canonical} />
            <meta property="og:url" content={address.href} />
            <meta property="og:image" content={new URL(PREVIEW, address).href} />
            <link rel="alternate" type="text/markdown" href={markdownOf(address)} />
          </>
        )}
        <meta property="og:site_name" content="Pinwheel" />
        <meta property="og:type" content="website" />
        <meta property="og:title" content={title} />
        <meta property="og:description" content={description} />
        <meta name="twitter:card" content="summary_large_image" />
        <link rel="icon" href={ICON} />
        <link rel="alternate" type="application/atom+xml" title="Changes" href="/changes.atom" />
        <link
          rel="search"
          type="application/opensearchdescription+xml"
          title="Pinwheel"
          href="/opensearch.xml"
        />
        <link rel="stylesheet" href={pathOf('style.css')} />
        <script src={pathOf('page.js')} type="module" />
        {module && <script src={module} type="module" />}
        {feed && <link rel="alternate" type="application/atom+xml" title={feed.title} href={feed.path} />}
      </head>
      <body>
        <a class="skip" href="#_content">
          Skip to the content
        </a>
        <header class="site">
          <a class="brand" href="/">
            <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
              {ANGLES.map((angle) => (
                <path d={BLADE} transform={`rotate(${angle} 16 16)`} />
              ))}
            </svg>
            <span>Pinwheel</span>
          </a>
          <nav aria-label="Pages">
            <Links to={NAVIGATION} place={place} />
          </nav>
        </header>
        <main id="_content" tabindex={-1}>
          {children}
        </main>
        <footer class="site-footer">
          <p>
            A registry of the project Pinwheel, not of Cloudflare. Facts of workerd, Pyodide and their lock
            files, and what was seen when packages ran: <a href="/sets#_sources">sources and licences</a>.
          </p>
          <nav aria-label="Reference">
            <Links to={REFERENCE} place={place} />
          </nav>
          <Links to={FILES} />
        </footer>
        {/* The script announces changes to screen readers here. */}
        <p id="_said" class="unseen" role="status" />
      </body>
    </html>
  );
}

function markdownOf({ pathname, search }: URL): string {
  return `${pathname === '/' ? '/index' : pathname}.md${search}`;
}

interface LinksProps {
  to: readonly (readonly [path: string, name: string])[];
  place?: NavigationLink | undefined;
}

function Links({ to, place }: LinksProps) {
  return (
    <ul>
      {to.map(([path, name]) => (
        <li>
          <a href={path} aria-current={path === place ? 'page' : undefined}>
            {name}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The facts of a day and a revision. */
export interface Dated {
  view: CatalogView;
  asOf: string;
}

interface FactPageProps extends DocumentProps, Dated {
  place: NavigationLink;
}

/** A page of facts of a day and a revision. */
export function FactPage({ view, asOf, children, ...props }: FactPageProps) {
  return (
    <Document {...props}>
      <h1>{props.title}</h1>
      {children}
      <AnswerFooter path={props.place} asOf={asOf} stamp={view.stamp} />
    </Document>
  );
}
