import { printable } from '../../../resolver/text/printable.ts';
import { packagePath } from '../components/addresses.ts';
import type { FoundProps } from '../components/found.tsx';
import type { PackageFacts } from './facts.ts';

/** A package in search results and previews. */
export function foundOf({ name, row, verdict }: PackageFacts, origin: string): FoundProps {
  const path = packagePath(name);
  const description = verdict.sentences.join(' ');
  const cell = verdict.at === null ? undefined : row.cells[verdict.at];
  return {
    feed: { path: `${path}.atom`, title: `Versions of ${printable(name)}` },
    data: {
      '@context': 'https://schema.org',
      '@type': 'SoftwareApplication',
      name: printable(name),
      url: `${origin}${path}`,
      description,
      applicationCategory: 'DeveloperApplication',
      operatingSystem: 'Cloudflare Workers',
      ...(cell && cell.is !== 'none' ? { softwareVersion: printable(cell.version) } : {}),
    },
  };
}
