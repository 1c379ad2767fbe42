/** Texts of others and of the resolver: where they break, and what in them is code. */
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { escapeToBuffer } from 'hono/utils/html';
import { deliveryText } from '../../../resolver/compatibility/workerd.ts';
import type { Target } from '../../../resolver/index.ts';
import type { MemberKind } from '../../../resolver/schemas.ts';
import { printable, visible } from '../../../resolver/text/printable.ts';

/** Shorter texts fit into every column. */
const SHORT = 12;

/** Escapes text for content or attributes of HTML and XML. */
export function escaped(text: string): string {
  const buffer: [string] = [''];
  escapeToBuffer(text, buffer);
  return buffer[0];
}

/** An attribute with a space before it; empty without a value. */
export function attribute(name: string, value: string | null | undefined): string {
  return value == null ? '' : ` ${name}="${escaped(value)}"`;
}

/** The HTML of a part of a page. */
export function htmlOf(child: Child): string {
  if (typeof child === 'string') return escaped(child);
  if (child === null || child === undefined || typeof child === 'boolean') return '';
  // Elements escape their texts.
  return Array.isArray(child) ? child.map(htmlOf).join('') : String(child);
}

/**
 * An element that becomes HTML once, and in a third of the time of others: tables have thousands. Markdown reads `tag`,
 * `props` and `children`.
 */
export function light(
  tag: string,
  props: Record<string, string | undefined>,
  children: readonly Child[],
): Child {
  let html: string | undefined;
  const made = () => {
    let attributes = '';
    for (const name in props) attributes += attribute(name, props[name]);
    return `<${tag}${attributes}>${children.map(htmlOf).join('')}</${tag}>`;
  };
  const toHtml = () => {
    html ??= made();
    return html;
  };
  return { tag, props, children, isEscaped: true, toString: toHtml } as unknown as Child;
}

/** A link, perhaps with a title, and with a text for screen readers behind it. */
export function linkTo(href: string, text: Child, more: { title?: string; unseen?: string } = {}): Child {
  const { title, unseen } = more;
  const behind = unseen === undefined ? [] : [light('span', { class: 'unseen' }, [` ${unseen}`])];
  return light('a', { href, title }, [text, ...behind]);
}

export const BREAK = <wbr />;

/** A name or a version. A narrow column may break it after punctuation, not within words. */
export function breakable(text: string, short = SHORT): Child {
  const shown = printable(text);
  if (shown.length <= short) return shown;
  return shown.split(/(?<=[._+-])(?=\w)/).map((part, at) => [at > 0 && BREAK, part]);
}

/** A command, or lines of a file: options and dates are not broken at their hyphens. */
export function copyable(text: string): Child {
  return text
    .split(/(?<![\w-])(--[a-z][a-z-]*|\d{4}-\d\d-\d\d)(?![\w-])/)
    .map((part, at) => (at % 2 === 1 ? light('span', { class: 'whole' }, [part]) : part));
}

/** The commands in a sentence, with their options. */
const COMMAND = String.raw`pinwheel (?:build|check|diff|resolve|vendor|when|why)(?: --[a-z-]+(?: \w+_[\w.]*\w)?)*`;

/** Whole words with their dots, hyphens and slashes, without the punctuation of the sentence. */
const WORDS = new RegExp(String.raw`(?<=^|[\s("])(${COMMAND}|[\w/-]+(?:\.\w[\w/-]*)*)(?=$|[\s.,:;?)"])`);

/** A sentence of the resolver, with its identifiers as code and its dates on one line. */
export function sentence(text: string): Child {
  return visible(text)
    .split(WORDS)
    .map((part, at) => {
      const isWord = at % 2 === 1;
      if (isWord && /_|^pinwheel /.test(part)) return light('code', {}, [copyable(part)]);
      return isWord && /^\d{4}-\d+-\d+$/.test(part) ? light('span', { class: 'whole' }, [part]) : part;
    });
}

/** Terminals set the lines of an excerpt apart by this many spaces. */
const EXCERPT_INDENT = 4;

interface MessageProps {
  text: string;
  /** Words before it. */
  lead?: Child;
  indent?: number;
}

/** A message, whose lines after the first are code, such as the place in a requirement that cannot be read. */
export function Message({ text, lead, indent = EXCERPT_INDENT }: MessageProps) {
  const [first = '', ...code] = text.split('\n');
  return (
    <>
      <p>{[lead, sentence(first)]}</p>
      {code.length > 0 && <pre>{code.map((line) => visible(line.slice(indent))).join('\n')}</pre>}
    </>
  );
}

/** The fix of an issue or a remark; empty if there is none. */
export function Fix({ fix }: { fix: string | null }) {
  if (fix === null) return null;
  return <Message text={fix} lead={[<span class="muted">What to do:</span>, ' ']} indent={0} />;
}

const DELIVERIES: Record<Exclude<MemberKind, 'package'>, string> = {
  standard_library: 'with the runtime, like all of the standard library',
  shared_library: 'with the Pyodide that loads it, never in python_modules',
};

/** How a member of a set reaches a Worker, after a label; by default, how packages do. */
export function delivered(target: Target, kind: MemberKind = 'package'): Child {
  return sentence(kind === 'package' ? deliveryText(target) : DELIVERIES[kind]);
}

/** A mark for the eyes, before the words that say the same. */
export function markOf(mark: string, kind?: string): Child {
  return [light('span', { class: kind, 'aria-hidden': 'true' }, [mark]), ' '];
}

/** Items with something between them. */
export function Commas({ items, between = ', ' }: { items: readonly Child[]; between?: string }) {
  return <>{items.map((item, at) => [at > 0 && between, item])}</>;
}

interface Column {
  name: Child;
  /** The class of its cells. */
  style?: string;
  /** The label of cells where there is no room for the table's head, by default the name; null for none. */
  label?: string | null;
}

interface Row {
  cells: readonly Child[];
  id?: string;
  /** Words for scripts. */
  is?: string;
  isHidden?: boolean;
}

export interface TableProps {
  id?: string;
  class?: string;
  caption?: Child;
  columns: readonly (string | Column)[];
  /** The first cell names the row. A `td` stays as it is. */
  rows: readonly (Row | Row['cells'])[];
}

export function Table({ id, class: style, caption, columns, rows }: TableProps) {
  const heads = columns.map(columnOf);
  const attributes = heads.map(
    ({ name, style, label = typeof name === 'string' ? name : null }) =>
      attribute('class', style) + attribute('data-label', label),
  );
  const isCell = (cell: Child) => (cell as { tag?: unknown } | null | undefined)?.tag === 'td';
  const cellOf = (cell: Child, at: number) =>
    isCell(cell) ? htmlOf(cell) : `<td${attributes[at + 1]}>${htmlOf(cell)}</td>`;
  const lineOf = ({ cells: [name, ...cells], id, is, isHidden }: Row) => {
    const hidden = isHidden ? ' hidden=""' : '';
    const first = `<th scope="row">${htmlOf(name)}</th>`;
    return `<tr${attribute('id', id)}${attribute('data-is', is)}${hidden}>${first}${cells.map(cellOf).join('')}</tr>`;
  };
  const head = heads.map(({ name }) => `<th scope="col">${htmlOf(name)}</th>`).join('');
  const body = rows.map((row) => lineOf(rowOf(row))).join('');
  return (
    <table id={id} class={style}>
      {caption && <caption>{caption}</caption>}
      <thead>{raw(`<tr>${head}</tr>`)}</thead>
      <tbody>{raw(body)}</tbody>
    </table>
  );
}

export function rowOf(row: TableProps['rows'][number]): Row {
  return 'cells' in row ? row : { cells: row };
}

export function columnOf(column: TableProps['columns'][number]): Column {
  return typeof column === 'string' ? { name: column } : column;
}

interface SectionProps {
  /** The id of the heading. */
  id: string;
  title: Child;
  children?: Child;
}

/** A part of a page, named by its heading. */
export function Section({ id, title, children }: SectionProps) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** An entry of a list of facts. */
export function Fact({ name, style, children }: { name: Child; style?: string; children?: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class={style}>{children}</dd>
    </>
  );
}

/** Short texts side by side. */
export function Names({ items }: { items: readonly Child[] }) {
  return (
    <ul class="names">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  );
}
