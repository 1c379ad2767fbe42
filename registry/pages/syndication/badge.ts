/** A badge for a README: whether Python Workers have a package today. */
import { printable } from '../../../resolver/text/printable.ts';
import { escaped } from '../components/text.tsx';
import type { Verdict } from '../matrix/verdict.ts';

const LABEL = 'Python Workers';
/** The average width of a character of 11 pixels; `textLength` enforces it in every font. */
const CHARACTER = 6.4;
const PADDING = 7;

const COLOURS: Record<Verdict['is'] | 'listed' | 'unknown', string> = {
  yes: '#1a6b3c',
  listed: '#3f5468',
  flag: '#8a5a00',
  no: '#b3261e',
  unknown: '#555555',
};

export function badge(is: keyof typeof COLOURS, text: string): string {
  const label = widthOf(LABEL);
  const value = widthOf(text);
  const width = label + value;
  const said = escaped(printable(`${LABEL}: ${text}`));
  const word = (x: number, of: string, room: number) =>
    `<text x="${x + PADDING}" y="14" textLength="${room - 2 * PADDING}">${escaped(printable(of))}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${said}">`,
    `<title>${said}</title>`,
    `<rect width="${width}" height="20" rx="3" fill="${COLOURS[is]}"/>`,
    `<path d="M3 0h${label - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#444444"/>`,
    '<g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    word(0, LABEL, label),
    word(label, text, value),
    '</g></svg>',
    '',
  ].join('\n');
}

function widthOf(text: string): number {
  return Math.round(text.length * CHARACTER) + 2 * PADDING;
}
