/**
 * A calendar (RFC 5545) of what changes on a day: what a compatibility date gives, and how long a Python is supported.
 */

import { addDays } from '../../../resolver/compatibility/date.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import { columnsOf } from '../matrix/columns.ts';

interface Event {
  /** A unique and permanent id. */
  id: string;
  day: string;
  summary: string;
  description: string;
  path: string;
}

/** `stamped` is the day of the newest fact. */
export function calendarOf(view: CatalogView, asOf: string, stamped: string, origin: string): string {
  const host = new URL(origin).host;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Pinwheel//Python Workers//EN',
    'X-WR-CALNAME:Python Workers',
    ...eventsOf(view, asOf).flatMap(({ id, day, summary, description, path }) => [
      'BEGIN:VEVENT',
      `UID:${id}@${host}`,
      `DTSTAMP:${dateOf(stamped)}T000000Z`,
      `DTSTART;VALUE=DATE:${dateOf(day)}`,
      `DTEND;VALUE=DATE:${dateOf(addDays(day, 1))}`,
      `SUMMARY:${escaped(summary)}`,
      `DESCRIPTION:${escaped(description)}`,
      `URL:${origin}${path}`,
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

function eventsOf(view: CatalogView, asOf: string): Event[] {
  const ends = view.pythons.map(
    ({ python, supported_until }): Event => ({
      id: `python-${python}-end`,
      day: supported_until,
      summary: `Python ${python} is out of support in Workers by policy`,
      description:
        `By Cloudflare's announced policy, Workers with Python ${python} move forward to the next Python from ` +
        `${supported_until} on. No workerd up to ${view.workerd} does so.`,
      path: '/runtimes',
    }),
  );
  const changes = columnsOf(view, asOf)
    .slice(1)
    .map(
      ({ from, is, target, set }): Event => ({
        id: `date-${from}`,
        day: from,
        summary: `Python Workers: Python ${minorOf(target.runtime.python)} and ${set.flag} by date`,
        description:
          `${is === 'announced' ? 'Announced. ' : ''}A compatibility_date of ${from} or later gives Pyodide ` +
          `${target.runtime.pyodide} and the package set ${set.flag}.`,
        path: `/sets/${encodeURIComponent(set.flag)}`,
      }),
    );
  return [...changes, ...ends].sort((a, b) => (a.day < b.day ? -1 : 1));
}

const dateOf = (day: string) => day.replaceAll('-', '');

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');
}

/** Lines have at most 75 octets; a continuation begins with a space. All text here is ASCII. */
function folded(line: string): string {
  return line.replace(/(?<=^.{75}|^.{75}(?:.{74})+)(?=.)/g, '\r\n ');
}
