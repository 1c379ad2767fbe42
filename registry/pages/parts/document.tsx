import type { Child } from 'hono/jsx';
import { scriptPath, stylesheetPath } from '../assets.ts';

export const PURPOSE =
  'Which Python, which Pyodide and which packages a Python Worker gets from its compatibility date ' +
  'and flags.';

const PLACES = [
  ['/packages', 'Packages'],
  ['/runtimes', 'Runtimes'],
  ['/sets', 'Sets'],
  ['/flags', 'Flags'],
  ['/compare', 'Compare'],
  ['/stdlib', 'Standard library'],
  ['/playground', 'Playground'],
  ['/api', 'API'],
] as const;
/** Where a page belongs in the navigation. */
export type Place = (typeof PLACES)[number][0];

/** One blade of the mark; the others are this one, turned. */
const BLADE = 'M16 16V3c6 0 10 5 10 8z';
const TURNS = [0, 90, 180, 270];

const ICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#c2410c">${TURNS.map(
    (turn) => `<path d="${BLADE}" transform="rotate(${turn} 16 16)"/>`,
  ).join('')}</svg>`,
)}`;

interface DocumentProps {
  title: string;
  place?: Place;
  /** The path of a module that the page runs beside the script of all pages. */
  module?: string;
  children?: Child;
}

/** What every page has around its content. */
export function Document({ title, place, module, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <meta name="description" content={PURPOSE} />
        <link rel="icon" href={ICON} />
        <link rel="alternate" type="application/atom+xml" title="Changes" href="/changes.atom" />
        <link rel="stylesheet" href={stylesheetPath} />
        <script src={scriptPath} defer />
        {module && <script src={module} type="module" />}
      </head>
      <body>
        <a class="skip" href="#_content">
          Skip to the content
        </a>
        <header class="site">
          <a class="brand" href="/">
            <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
              {TURNS.map((turn) => (
                <path d={BLADE} transform={`rotate(${turn} 16 16)`} />
              ))}
            </svg>
            Pinwheel
          </a>
          <nav aria-label="Pages">
            <ul>
              {PLACES.map(([path, name]) => (
                <li>
                  <a href={path} aria-current={path === place ? 'page' : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <main id="_content" tabindex={-1}>
          {children}
        </main>
      </body>
    </html>
  );
}
